/** Numbers in the bar: kept true while a page is looked at, and said to who does not see them. */

import { el } from "./dom.js";

const AGAIN_MS = 60_000;

/** Ask now, every minute, and whenever somebody comes back to the page. @param {() => void} find */
export function keptTrue(find) {
  const look = () => document.visibilityState === "visible" && navigator.onLine !== false && find();
  look();
  setInterval(look, AGAIN_MS);
  document.addEventListener("visibilitychange", look);
}

/** Put a number at what leads to it and at the group that holds that; none where it is empty.
 * @param {Element | null} link @param {string} name of the class @param {string} written @param {string} said */
export function number(link, name, written, said) {
  for (const place of [link, link?.closest(".menu-group")?.querySelector(".menu-head")]) {
    place?.querySelector(`.${name}`)?.remove();
    if (written) place?.append(el("span", { class: name }, written, el("span", { class: "unseen" }, said)));
  }
}
