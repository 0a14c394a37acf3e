/** Into how many grids a community is to be divided: what the norm asks, and what one wants. */

import { el } from "../dom.js";
import { count } from "../format.js";
import { lang, t } from "../i18n.js";
import { action, homes } from "./parts.js";

const MOST = 200;

/** How many grids the norm asks for, and between how many all can lie in the band.
 * @param {Scene} scene @returns {{all: number, norm: number, least: number, most: number}} */
export function numbers({ buildings, norm, band: [low, high] }) {
  const all = buildings.reduce((sum, { households }) => sum + households, 0);
  const within = (/** @type {number} */ value) => Math.min(MOST, Math.max(1, value));
  return { all, norm: within(Math.round(all / norm)), least: within(Math.ceil(all / high)), most: within(Math.floor(all / low)) };
}

/** Ask for the number. @param {Scene} scene @param {(number: number) => void} go @param {() => void} back
 * @returns {{body: HTMLElement[], foot: HTMLElement[]}} */
export function howMany(scene, go, back) {
  const { all, norm, least, most } = numbers(scene);
  const field = el("input", { type: "number", id: "how-many", min: 1, max: MOST, step: 1, inputmode: "numeric", oninput: () => tell() });
  field.value = String(norm);
  const said = el("p", { class: "redraw-lead", role: "status" });
  const start = action(t("开始算"), "check", () => go(Number(field.value)), { strong: true, id: "divide" });
  const step = (/** @type {number} */ by) => {
    field.value = String(Math.min(MOST, Math.max(1, Math.round(Number(field.value) || norm) + by)));
    tell();
  };
  const tell = () => {
    const wanted = Number(field.value);
    const fit = Number.isInteger(wanted) && wanted >= 1 && wanted <= MOST;
    start.disabled = !fit;
    if (!fit) said.textContent = t("请填 1 到 {most} 之间的整数。", { most: MOST });
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
