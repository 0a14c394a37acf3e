/** One sentence before a move that cannot be waved away: what it will do, and to how many. */

import { count, day } from "../format.js";
import { lang, t, timeZone } from "../i18n.js";

/** Moves that are asked about once more, and the word of the button that then does them.
 * @type {Record<string, () => string>} */
export const SURE = { publish: () => t("确认，马上发布"), rollback: () => t("确认撤回") };

/** What publishing now, or taking back, means. @param {string} move @param {RedrawPlan & {preview?: RedrawPreview}} plan @param {RedrawImpact | null} impact */
export function consequence(move, plan, impact) {
  if (move === "rollback") return takingBack(plan);
  const buildings = plan.preview?.buildings.length ?? 0;
  const told = [
    plan.due_at ? t("原定 {day} 发布；现在发布就不等那天了。", { day: day(plan.due_at, { lang, timeZone }) }) : "",
    moved(buildings, impact?.issues_moved ?? 0),
    impact?.told ? t("会通知 {count} 名网格员。", { count: many(impact.told) }) : "",
    t("发布后马上按新边界办事。"),
  ];
  return told.filter(Boolean).join(lang === "zh" ? "" : " ");
}

/** @param {RedrawPlan} plan */
function takingBack({ report }) {
  const buildings = typeof report?.buildings === "number" ? report.buildings : 0;
  const issues = typeof report?.issues === "number" ? report.issues : 0;
  const told = [t("边界会恢复成发布以前的样子。"), moved(buildings, issues), t("网格员会再收到一次通知。")];
  return told.join(lang === "zh" ? "" : " ");
}

const many = (/** @type {number} */ value) => count(value, lang);

/** @param {number} buildings @param {number} issues */
function moved(buildings, issues) {
  if (!buildings && !issues) return t("楼栋和未办结的诉求都不换网格。");
  return t("{buildings} 栋楼、{issues} 件未办结的诉求换网格。", { buildings: many(buildings), issues: many(issues) });
}
