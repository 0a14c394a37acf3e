/** Buttons among the facts that change what the list shows. */

import { el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { page } from "./state.js";

/** The button that narrows the list to an area. @param {"street" | "community" | "grid"} kind @param {string} id */
export function issuesHere(kind, id) {
  const narrow = () => page.narrow({ area: `${kind}-${id}` });
  return el("p", { class: "deed" }, el("button", { type: "button", class: "button quiet", onclick: narrow }, icon("filter"), t("只看这里的诉求")));
}

/** The way to redrawing a community's grids, for who may redraw there. @param {string} community its code */
export function redrawCommunity(community) {
  const own = (document.getElementById("panel")?.dataset.redraws ?? "").split(" ");
  if (!own.includes("*") && !own.includes(community)) return null;
  return el("p", { class: "deed" }, el("a", { class: "button strong wide", href: `/redraw/${encodeURIComponent(community)}` }, icon("split"), el("span", {}, t("调整网格"))));
}

/** The way to where a grid came from and what came from it, for who is signed in. @param {string} grid its code */
export function kinOf(grid) {
  if (!("signedIn" in document.documentElement.dataset)) return null;
  return el("p", { class: "deed" }, el("a", { class: "button quiet", href: `/grids/${encodeURIComponent(grid)}` }, icon("clock"), t("来历和变迁")));
}

/** The way to redrawing a grid, for who may. @param {string} grid its code */
export function redrawHere(grid) {
  if (!("redraws" in (document.getElementById("panel")?.dataset ?? {}))) return null;
  return el("p", { class: "deed" }, el("a", { class: "button quiet", href: `/redraw?grid=${encodeURIComponent(grid)}` }, icon("split"), t("调整这个网格")));
}
