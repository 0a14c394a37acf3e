/** Numbers in the bar: kept true while a page is looked at, and said to who does not see them. */

import { byId, el } from "./dom.js";
import { count } from "./format.js";
import { lang } from "./i18n.js";

const AGAIN_MS = 60_000;

/** Ask now, every minute, and whenever somebody comes back to the page. @param {() => void} find */
export function keptTrue(find) {
  const look = () => document.visibilityState === "visible" && navigator.onLine !== false && find();
  look();
  setInterval(look, AGAIN_MS);
  document.addEventListener("visibilitychange", look);
}

/** What waits in the menu, by kind. @type {Map<string, {many: number, more: boolean}>} */
const inside = new Map();

/** On a small screen the button of the menu shows the sum of all that waits inside.
 * @param {string} kind @param {number} many @param {boolean} [more] whether there may be more than were counted */
export function onMenu(kind, many, more = false) {
  inside.set(kind, { many, more });
  const all = [...inside.values()];
  const sum = all.reduce((before, one) => before + one.many, 0);
  const { dataset } = byId("menu-button");
  const written = [count(sum, lang), all.some((one) => one.more) ? "+" : ""];
  if (sum) dataset.waits = written.join("");
  else delete dataset.waits;
}

/** Put a number at what leads to it and at the group that holds that; none where it is empty.
 * @param {Element | null} link @param {string} name of the class @param {string} written @param {string} said */
export function number(link, name, written, said) {
  for (const place of [link, link?.closest(".menu-group")?.querySelector(".menu-head")]) {
    place?.querySelector(`.${name}`)?.remove();
    if (written) place?.append(el("span", { class: name }, written, el("span", { class: "unseen" }, said)));
  }
}
