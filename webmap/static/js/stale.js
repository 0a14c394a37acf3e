/** What was refused because somebody else was there before: the page can be brought up to date. */

import { Refusal, sentence } from "./api.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";

const STALE = 409;

/** Whether the page shows what is no longer so. @param {unknown} error */
export function isStale(error) {
  return error instanceof Refusal && error.status === STALE;
}

/**
 * Say what was refused; where the page is out of date, with a button that brings it up to date.
 * @param {HTMLElement} place @param {unknown} error @param {() => void} again
 */
export function tellRefused(place, error, again) {
  fill(place, sentence(error), isStale(error) && " ", isStale(error) && el("button", { type: "button", class: "button", onclick: again }, t("刷新")));
  place.hidden = false;
}
