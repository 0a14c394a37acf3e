/** What the search found, as the rows of its list. */

import { el, icon } from "./dom.js";
import { count } from "./format.js";
import { lang, marked, said, t } from "./i18n.js";
import * as words from "./words.js";

/** @type {Record<HitKind, [icon: string, word: () => string]>} */
const KINDS = {
  address: ["pin", () => t("地址")],
  building: ["building", () => t("楼栋|1")],
  road: ["road", () => t("道路|1")],
  place: ["pin", () => t("地点")],
  street: ["layers", () => t("街道|1")],
  community: ["layers", () => t("社区|1")],
  grid: ["grid", () => t("网格|1")],
  group: ["group", () => t("党小组|1")],
  branch: ["group", () => t("党支部")],
  committee: ["group", () => t("党组织")],
  worker: ["user", () => t("网格员|1")],
  issue: ["file", () => t("诉求")],
};

/** A row's inside: icon, label, and a second line that tells it apart. @param {Hit} hit */
export function hitRow(hit) {
  const [sign, word] = KINDS[hit.kind];
  const kind = hit.kind === "worker" && hit.duty ? words.duty(hit.duty) : word();
  const second = [kind, ...told(hit), hit.detail].filter(Boolean).join(" · ");
  return [icon(sign), el("span", { class: "hit" }, el("span", { class: "hit-label" }, said(hit.label)), el("small", {}, ...marked(second)))];
}

/** @param {Hit} hit */
function told(hit) {
  if (hit.kind === "issue") return [hit.overdue ? t("已超期") : words.status(hit.status), hit.category_name];
  if (hit.missing) return [t("没有{number}号", { number: hit.missing })];
  return hit.houses ? [t("{count} 栋", { count: count(hit.houses, lang) })] : [];
}
