/** Reports that had waited for the network and went by themselves: told until somebody has seen it. */

import { owner } from "./whose.js";

const KEY = "wangge.sent";
const MOST = 10;

/** @typedef {{url: string, code: string, label: string, at: string, owner: string}} Sent `at` is when it went */

/** @returns {Sent[]} */
function all() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(({ url }) => /^\/issues\/[0-9a-f-]{36}$/.test(url)) : [];
  } catch {
    return [];
  }
}

/** @param {Sent[]} sent */
function store(sent) {
  try {
    if (sent.length) localStorage.setItem(KEY, JSON.stringify(sent.slice(-MOST)));
    else localStorage.removeItem(KEY);
  } catch {
    return; // private windows may keep nothing
  }
}

/** What went by itself and was not seen yet by whoever is here, the oldest first. @returns {Sent[]} */
export function sentLater() {
  return all().filter((one) => one.owner === owner);
}

/** @param {Omit<Sent, "owner">} sent */
export function keepSent(sent) {
  store([...all().filter(({ url }) => url !== sent.url), { ...sent, owner }]);
}

/** It was seen. @param {string} url */
export function dropSent(url) {
  store(all().filter((one) => one.url !== url));
}
