/** Whose work a plan changes: a line a grid, with all who work in it, folded under one heading. */

import { el } from "../dom.js";
import { count } from "../format.js";
import { lang, marked, t } from "../i18n.js";
import { byGrid } from "./foreseeing.js";
import { homes } from "./parts.js";
import { numberOf } from "./standing.js";

/** Whether the lines stand open, which lasts while the page does. */
let open = false;

/** @param {RedrawImpact | null} impact */
export function posts(impact) {
  const workers = impact?.workers ?? [];
  if (!workers.length) return null;
  const lines = byGrid(workers).map(sentenceOf);
  const many = count(new Set(workers.map(({ name }) => name)).size, lang);
  const box = el("details", { class: "by-list", id: "posts", open, ontoggle: () => void (open = box.open) },
    el("summary", {}, t("{count} 名网格员管的有变化", { count: many })),
    el("ul", { class: "effects" }, ...lines.map((text) => el("li", {}, ...marked(text)))));
  return box;
}

/** @param {import("./foreseeing.js").Post[]} all of one grid */
function sentenceOf(all) {
  const [{ grid, before, after }] = all;
  const names = all.map(({ name }) => name).join(t("、"));
  if (!after) return t("{grid} 网格裁撤，{names}的岗位结束", { grid: numberOf(grid), names });
  if (before.households === after.households) return t("{grid} 网格，{names}：仍是 {after}", { grid: numberOf(grid), names, after: homes(after.households) });
  return t("{grid} 网格，{names}：{before} → {after}", { grid: numberOf(grid), names, before: homes(before.households), after: homes(after.households) });
}
