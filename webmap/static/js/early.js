/** Answers that a page asked for before its tools were there. */

const KEPT_MS = 10_000;

const early = window.askedEarly ?? new Map();
setTimeout(() => early.clear(), KEPT_MS);

/** The answer to a question: the one that is under way already, else a new one.
 * @param {string} url @param {RequestInit} [how] @returns {Promise<Response>} */
export function fetched(url, how) {
  const known = early.get(url);
  early.delete(url);
  return known?.catch(() => fetch(url, how)) ?? fetch(url, how);
}
