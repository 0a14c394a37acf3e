/** What has newly come to whoever is signed in (新到): its number in the bar, until it was opened. */

import { ask } from "./api.js";
import { keptTrue, number, onMenu } from "./bar-numbers.js";
import { byId, el } from "./dom.js";
import { count } from "./format.js";
import { lang, t } from "./i18n.js";

let known = 0;

/** Show the number, and keep it true while the page is looked at. */
export function tellArrivals() {
  const here = document.documentElement.dataset;
  if (!("signedIn" in here) || "laidUp" in here || !("contact" in document.body.dataset)) return;
  keptTrue(find);
}

/** Without a network: the number as it was seen last. @param {number} found */
export function tellKept(found) {
  show(found);
}

async function find() {
  try {
    const { count: found, most } = await ask("/api/arrivals");
    show(found, found >= most);
  } catch {
    return; // it stands as it was
  }
}

/** @param {number} found @param {boolean} more whether there may be more than were counted */
function show(found, more = false) {
  known = found;
  const written = `${count(found, lang)}${more ? "+" : ""}`;
  byId("menu-button").setAttribute("aria-label", found ? t("菜单，{count} 件新到", { count: written }) : t("菜单"));
  onMenu("issues", found, more);
  number(document.querySelector("[data-arrivals]"), "arrived", found ? written : "", t("件新到"));
}

/** Whoever has an issue has opened it: it is new no more. @param {{id: string, fresh?: boolean}} issue */
export function opened(issue) {
  if (!issue.fresh) return;
  issue.fresh = false;
  ask(`/api/issues/${encodeURIComponent(issue.id)}/opened`, { body: {} })
    .then(({ was_new: was }) => was && show(Math.max(0, known - 1)))
    .catch(() => undefined); // it is new still, and opened another time
}

/** The word for it. */
export function freshBadge() {
  return el("span", { class: "badge fresh" }, t("新到"));
}
