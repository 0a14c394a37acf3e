/** The signs of the map and what they mean: for the legend beside the map and for paper. */

import { picture, svg } from "./dom.js";
import { t } from "./i18n.js";
import { bulletinMark, clusterMark, issueMark } from "./marks.js";
import { palette } from "./palette.js";

/**
 * @typedef {import("./switches.js").LayerName} LayerName
 * @typedef {{text: string, sign: Element, layer?: LayerName, fine?: boolean, glyph?: boolean}} Row
 *   `fine`: seen from near only; `glyph`: one of the categories
 * @typedef {{name: string, title: string, rows: Row[]}} Group
 */

/** @returns {Group[]} */
export function legendGroups() {
  const { tier, groups, alarm, hatch, building } = palette();
  return [
    { name: "issues", title: t("图上的诉求"), rows: [
      { layer: "issues", text: t("诉求；圈是剩下的时间"), sign: issue({ left: 0.6 }) },
      { text: t("虚线圈：没有办理期限"), sign: issue({}) },
      { text: t("实心：已超期"), sign: issue({ overdue: true }) },
      { text: t("小旗：已上升到上一级"), sign: issue({ level: "street", left: 0.6 }) },
      { text: t("几件在一处；红圈是超期的份额"), sign: clusterMark({ count: 8, overdue: 3 }, "8").mark },
      ...categories().map(({ code, name }) => ({ text: name, sign: glyph(code), glyph: true })),
      { layer: "bulletins", text: t("民情发布：通知；打勾的是办结公示"), sign: bulletinMark(false) },
    ] },
    { name: "borders", title: t("界线"), rows: [
      { layer: "streets", text: t("街道界"), sign: line(tier, 3, 10) },
      { layer: "communities", text: t("社区界"), sign: line(tier, 2) },
      { layer: "grids", text: t("网格界"), sign: line(tier, 1), fine: true },
    ] },
    { name: "buildings", title: t("楼栋和地面"), rows: [
      { layer: "buildings", text: t("楼栋按党小组着色"), sign: patches(groups), fine: true },
      { text: t("没有党小组的楼栋"), sign: hatched(hatch, building), fine: true },
      { layer: "uncovered", text: t("没有划入网格的地面"), sign: hatched(alarm, "none") },
    ] },
  ];
}

/** The categories that the page knows, in their order. */
function categories() {
  const options = /** @type {NodeListOf<HTMLOptionElement>} */ (document.querySelectorAll("#category option[value]:not([value=''])"));
  return [...options].map(({ value, textContent }) => ({ code: value, name: textContent ?? value }));
}

/** @param {Partial<PointProps>} about */
function issue(about) {
  return issueMark({ id: "", category: "LAMP", status: "accepted", level: "grid", overdue: false, ...about }, "").mark;
}

/** @param {string} code */
function glyph(code) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: picture(code) }));
}

/** @param {...SVGElement} parts */
function swatch(...parts) {
  return svg("svg", { class: "swatch", viewBox: "0 0 36 20", "aria-hidden": "true" }, ...parts);
}

/** @param {string} stroke @param {number} width @param {number} [band] of a softer colour around it */
function line(stroke, width, band = 0) {
  const path = (/** @type {number} */ wide, /** @type {number} */ opacity) => {
    return svg("path", { d: "M1 14C10 4 22 18 35 6", fill: "none", stroke, "stroke-width": wide, "stroke-opacity": opacity });
  };
  return swatch(path(band, 0.16), path(width, 1));
}

/** @param {string[]} colours */
function patches(colours) {
  return swatch(...colours.slice(0, 4).map((fill, i) => svg("rect", { x: i * 9, y: 4, width: 9, height: 12, fill })));
}

/** @param {string} stroke @param {string} fill */
function hatched(stroke, fill) {
  const lines = svg("path", { d: "M2 16L14 4M10 16L22 4M18 16L30 4M26 16L34 8", stroke, "stroke-width": 1.4 });
  return swatch(svg("rect", { x: 1, y: 4, width: 34, height: 12, fill, stroke, "stroke-width": 0.8 }), lines);
}
