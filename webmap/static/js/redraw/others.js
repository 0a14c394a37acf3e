/** Other plans of the community that are on their way: which, whose, and whether they meet this one. */

import { el, icon } from "../dom.js";
import { marked, t } from "../i18n.js";
import { beside } from "./foreseeing.js";
import { numberOf } from "./standing.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @type {Record<string, () => string>} */
const UNDER_WAY = { submitted: () => t("已提交"), approved: () => t("已批准"), scheduled: () => t("定日发布") };

/** @param {Desk} desk */
export function othersView({ draft }) {
  const found = beside(draft.listed, draft.plan);
  if (!found.length) return null;
  const rows = found.map(({ plan, shared }) => el("li", {}, icon(shared.length ? "alert" : "copy"),
    el("div", {}, el("p", {}, el("a", { href: `/redraws/${plan.public_id}` }, ...marked(plan.name)), " · ", UNDER_WAY[plan.state](), " · ", ...marked(plan.people?.[plan.author] ?? plan.author)),
      el("p", {}, said(plan, shared, draft.steps > 0)))));
  return el("section", { class: "under-way", id: "under-way", "aria-label": t("别的方案") },
    el("p", {}, t("这个社区还有方案等着发布，发布以后边界会变：")), el("ul", {}, ...rows));
}

/** @param {RedrawPlan} plan @param {string[]} shared @param {boolean} drawn */
function said({ touches }, shared, drawn) {
  const named = (/** @type {string[]} */ codes) => codes.map(numberOf).join(t("、"));
  if (shared.length) return t("和这里一样动了 {codes} 网格，先发布的算数，另一个要重画。", { codes: named(shared) });
  if (!touches.length) return t("没有动现有的网格。");
  return drawn ? t("动的是 {codes} 网格，和这里不冲突。", { codes: named(touches) }) : t("动的是 {codes} 网格。", { codes: named(touches) });
}
