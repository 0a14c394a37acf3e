/** What has newly come to whoever is signed in (新到): its number in the bar, until it was opened. */

import { ask } from "./api.js";
import { byId, el } from "./dom.js";
import { count } from "./format.js";
import { lang, t } from "./i18n.js";

const AGAIN_MS = 60_000;
let known = 0;

/** Show the number, and keep it true while the page is looked at. */
export function tellArrivals() {
  const here = document.documentElement.dataset;
  if (!("signedIn" in here) || "laidUp" in here || !("contact" in document.body.dataset)) return;
  const look = () => document.visibilityState === "visible" && navigator.onLine !== false && find();
  look();
  setInterval(look, AGAIN_MS);
  document.addEventListener("visibilitychange", look);
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
  const button = byId("menu-button");
  button.setAttribute("aria-label", found ? t("菜单，{count} 件新到", { count: written }) : t("菜单"));
  mark(button, found > 0 && el("span", { class: "arrived", "aria-hidden": "true" }, written));
  const link = document.querySelector("[data-arrivals]");
  for (const where of [link, link?.closest(".menu-group")?.querySelector(".menu-head")]) {
    mark(where ?? null, found > 0 && el("span", { class: "arrived" }, written, el("span", { class: "unseen" }, t("件新到"))));
  }
}

/** @param {Element | null} link @param {HTMLElement | false} sign */
function mark(link, sign) {
  link?.querySelector(".arrived")?.remove();
  if (sign) link?.append(sign);
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
