/**
 * What a worker saw last of the own ground, for a phone without a network. It is kept no longer
 * than the session lasts under which it was seen, and let go as soon as the server says that there
 * is none.
 */

import { owner } from "./whose.js";

const KEPT = "wangge.mine";

/** @typedef {{at: string, until: number, mine: any}} Last */

/** Keep it for some seconds, which are those that the session has left. @param {any} mine @param {number} seconds */
export function keepMine(mine, seconds) {
  const now = Date.now();
  try {
    localStorage.setItem(KEPT, JSON.stringify({ owner, at: new Date(now).toISOString(), until: now + seconds * 1000, mine }));
  } catch {
    return; // the list works without, while there is a network
  }
}

/** What this very person saw last. What is too old, or of a time to come, is let go. @returns {Last | null} */
export function keptMine() {
  try {
    const last = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    if (!last) return null;
    const now = Date.now();
    if (last.until > now && Date.parse(last.at) <= now) return last.owner === owner ? last : null;
    forgetMine();
    return null;
  } catch {
    return null;
  }
}

export function forgetMine() {
  try {
    localStorage.removeItem(KEPT);
  } catch {
    return; // private windows may keep nothing
  }
}
