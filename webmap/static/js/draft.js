/** What was typed and not yet sent, kept on this device only. */

import { keepPhotos } from "./draft-photos.js";

const KEY = "wangge.report";

/** @typedef {{address: string, text: string, category: string, place: import("./place.js").Place | null, answers: Record<string, string>}} Draft */

/** @type {Draft} */
const EMPTY = { address: "", text: "", category: "", place: null, answers: {} };

/** @param {Draft} draft */
export function keepDraft(draft) {
  try {
    localStorage.setItem(KEY, JSON.stringify(draft));
  } catch {
    return; // private windows may keep nothing; the form works without
  }
}

/** @returns {Draft} */
export function readDraft() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { ...EMPTY, ...kept };
  } catch {
    return EMPTY;
  }
}

export function clearDraft() {
  keepPhotos([]);
  try {
    localStorage.removeItem(KEY);
  } catch {
    return; // as above
  }
}
