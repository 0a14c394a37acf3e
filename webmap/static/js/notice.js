/** One line that says what just happened, and goes away by itself. */

import { byId } from "./dom.js";

const STAYS_MS = 7000;
let timer = 0;

/** @param {string} text @param {{stay?: boolean}} [how] */
export function showNotice(text, { stay = false } = {}) {
  const place = holder();
  place.textContent = text;
  clearTimeout(timer);
  if (!stay) timer = setTimeout(hideNotice, STAYS_MS);
}

export function hideNotice() {
  holder().textContent = "";
}

/** The line stands on every page from the start, empty: only so is what it says read aloud. */
function holder() {
  return byId("notice");
}
