/** The key of the map's colours: they tell either which grid it is or how it stands, never both. */

import { byId, el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { called } from "./parts.js";

const MOST = 4;

/** @typedef {import("./standing.js").Grid} Grid */

/** Say what the colours on the map mean now. @param {Grid[]} grids @param {string[]} parts codes in the order of their colours @param {[number, number]} band */
export function explain(grids, parts, band) {
  const entries = parts.length ? ofParts(grids, parts) : ofBand(band);
  fill(byId("redraw-key"), ...entries.map(({ css, text }) => el("li", {}, el("span", { class: `dot ${css}`, "aria-hidden": "true" }), text)));
}

/** @param {Grid[]} grids @param {string[]} parts */
function ofParts(grids, parts) {
  const known = parts.flatMap((code, part) => {
    const grid = grids.find((one) => one.code === code);
    return grid ? [{ css: `part-${part % 6}`, text: called(grid) }] : [];
  });
  const rest = known.length - MOST;
  return rest > 0 ? [...known.slice(0, MOST), { css: "rest", text: t("另有 {count} 个", { count: rest }) }] : known;
}

/** @param {[number, number]} band */
function ofBand([low, high]) {
  return [{ css: "above", text: t("▲ 多于 {high} 户", { high }) }, { css: "below", text: t("▼ 少于 {low} 户", { low }) }];
}
