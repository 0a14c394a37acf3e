/** Into how many grids a community is to be divided: what the norm asks, and what one wants. */

import { el } from "../dom.js";
import { count } from "../format.js";
import { lang, t } from "../i18n.js";
import { action, homes } from "./parts.js";
import { MOST_GRIDS, gridsAsked } from "./reckoning.js";

/** Ask for the number. @param {Scene} scene @param {(number: number) => void} go @param {() => void} back
 * @returns {{body: HTMLElement[], foot: HTMLElement[]}} */
export function howMany(scene, go, back) {
  const { all, norm, least, most } = gridsAsked(scene);
  const field = el("input", { type: "number", id: "how-many", min: 1, max: MOST_GRIDS, step: 1, inputmode: "numeric", oninput: () => tell() });
  field.value = String(norm);
  const said = el("p", { class: "redraw-lead", role: "status" });
  const start = action(t("开始算"), "check", () => go(Number(field.value)), { strong: true, id: "divide" });
  const step = (/** @type {number} */ by) => {
    field.value = String(Math.min(MOST_GRIDS, Math.max(1, Math.round(Number(field.value) || norm) + by)));
    tell();
  };
  const tell = () => {
    const wanted = Number(field.value);
    const fit = Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST_GRIDS;
    start.disabled = !fit;
    if (!fit) said.textContent = t("请填 1 到 {most} 之间的整数。", { most: MOST_GRIDS });
    else if (wanted >= least && wanted <= most) said.textContent = t("平均每个约 {homes}。", { homes: homes(Math.round(all / wanted)) });
    else said.textContent = t("平均每个约 {homes}，不会都合适；{least} 到 {most} 个才行。", { homes: homes(Math.round(all / wanted)), least, most });
  };
  tell();
  return {
    body: [
      el("p", { class: "asked-now" }, t("一共 {homes}，按每个 {norm} 户，建议分成 {count} 个网格。", { homes: homes(all), norm: count(scene.norm, lang), count: norm })),
      el("div", { class: "how-many" }, el("label", { for: "how-many" }, t("分成几个网格")),
        action("−", null, () => step(-1), { id: "fewer" }), field, action("+", null, () => step(1), { id: "more-grids" })),
      said,
    ],
    foot: [action(t("返回"), null, back, { id: "cancel", keys: "Escape" }), start],
  };
}
