/** All that is counted of grids before and after: one tap away, below their households. */

import { el } from "../dom.js";
import { count } from "../format.js";
import { lang, t } from "../i18n.js";
import { called } from "./parts.js";

const NARROW = 0.2;

/** @typedef {import("./standing.js").Grid} Grid @typedef {"above" | "below" | ""} Level */
/** @typedef {{word: string, was: string | null, now: string, level: Level}} Told */

/** Whether the figures stand open, which lasts from one step to the next. */
let open = false;

/** The figures of some grids, folded away; null where nothing was reckoned yet.
 * @param {Grid[]} grids @param {RedrawPreview | null | undefined} preview @param {RedrawPreview | null} [before] the same before what is tried */
export function moreFigures(grids, preview, before = null) {
  const known = grids.filter(({ named }) => preview?.after[named]);
  if (!preview || !known.length) return null;
  const parts = known.map((grid) => el("section", { class: "sums" },
    el("h3", {}, called(grid)),
    el("dl", {}, ...figured(preview, before, grid).flatMap(({ word, was, now, level }) => [
      el("dt", {}, word),
      el("dd", { class: level }, was === null || was === now ? now : `${was} → `, was === null || was === now ? null : el("b", {}, now)),
    ]))));
  const box = el("details", { class: "by-list", open, ontoggle: () => void (open = box.open) }, el("summary", {}, t("人口、党员、网格员和诉求")), ...parts, judged(preview, before));
  return box;
}

/** What is cut and who lies astride in all. @param {RedrawPreview} preview @param {RedrawPreview | null} before */
function judged(preview, before) {
  const cut = preview.cut.filter((code) => !before?.cut.includes(code)).length;
  const astride = preview.astride.filter((id) => !before?.astride.includes(id)).length;
  return el("p", { class: "sums-all" },
    cut ? t("切开的楼栋、院落：{count} 处", { count: cut }) : t("没有切开楼栋、院落"), t("；"),
    astride ? t("新跨网格的党小组：{count} 个", { count: astride }) : t("没有党小组新跨网格"), t("。"));
}

/** @param {RedrawPreview} preview @param {RedrawPreview | null} before @param {Grid} grid @returns {Told[]} */
export function figured(preview, before, { named }) {
  const now = preview.after[named];
  const was = before?.after[named] ?? preview.before[named] ?? null;
  const many = (/** @type {number} */ value) => count(Math.round(value), lang);
  const few = (/** @type {number} */ value) => (value < 10 ? value.toFixed(1) : many(value));
  /** @type {(word: string, of: (one: GridFigures) => string, level?: Level) => Told} */
  const told = (word, of, level = "") => ({ word, was: was ? of(was) : null, now: of(now), level });
  return [
    told(t("人口"), ({ residents }) => many(residents)),
    told(t("楼栋"), ({ buildings }) => many(buildings)),
    told(t("党员"), ({ members }) => many(members)),
    told(t("党小组"), ({ groups }) => many(groups), now.groups ? "" : "below"),
    told(t("网格员"), ({ workers }) => many(workers), now.workers ? "" : "above"),
    told(t("未办结诉求"), ({ open_issues: issues }) => many(issues)),
    told(t("每名网格员一年约办诉求"), (one) => one.workers ? few(load(one)) : "—", loadLevel(now, preview)),
    told(t("地是否连成一片"), ({ pieces }) => pieces > 1 ? t("分成 {count} 块", { count: pieces }) : t("连成一片"), now.pieces > 1 ? "above" : ""),
    told(t("形状"), ({ compactness }) => compactness < NARROW ? t("狭长（{figure}）", { figure: compactness.toFixed(2) }) : t("紧凑（{figure}）", { figure: compactness.toFixed(2) }), now.compactness < NARROW ? "below" : ""),
  ];
}

/** @param {GridFigures} one */
function load({ expected_issues: issues, workers }) {
  return issues / Math.max(1, workers);
}

/** A worker's year against that of one with a grid at either end of the band.
 * @param {GridFigures} one @param {RedrawPreview} preview @returns {Level} */
function loadLevel(one, { band, rate }) {
  if (!one.workers || !rate) return "";
  if (load(one) > band.high * rate) return "above";
  return "";
}
