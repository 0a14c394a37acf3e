/** One line that says what just happened, and goes away by itself. */

import { el } from "./dom.js";

const STAYS_MS = 7000;
let timer = 0;

/** @param {string} text @param {{stay?: boolean}} [how] */
export function showNotice(text, { stay = false } = {}) {
  const place = holder();
  place.textContent = text;
  place.hidden = false;
  clearTimeout(timer);
  if (!stay) timer = setTimeout(hideNotice, STAYS_MS);
}

export function hideNotice() {
  holder().hidden = true;
}

/** @returns {HTMLElement} */
function holder() {
  const place = document.getElementById("notice");
  if (place) return place;
  const made = el("p", { id: "notice", class: "notice", role: "status", hidden: true });
  document.body.append(made);
  return made;
}
