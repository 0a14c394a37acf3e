/** What the signs mean; each row also turns its layer on and off. */

import { byId, el, fill, icon, svg } from "../dom.js";
import { t } from "../i18n.js";
import { onTurn, palette } from "../palette.js";
import { switches } from "../switches.js";
import { button } from "./controls.js";

const ROOMY = "(width >= 1100px) and (height >= 640px)";

const FINE_FROM = 14;

/**
 * @typedef {import("../switches.js").LayerName} LayerName
 * @typedef {{name: LayerName, text: string, swatch: SVGElement, fine?: boolean}} Row `fine`: seen from near only
 */

/** @returns {Row[]} */
function rows() {
  const { tier, groups, alarm } = palette();
  return [
    { name: "issues", text: t("诉求；红圈为超期"), swatch: dots() },
    { name: "streets", text: t("街道界"), swatch: line(tier, 3) },
    { name: "communities", text: t("社区界"), swatch: line(tier, 2) },
    { name: "grids", text: t("网格界"), swatch: line(tier, 1), fine: true },
    { name: "buildings", text: t("楼栋按党小组着色"), swatch: patches(groups), fine: true },
    { name: "uncovered", text: t("没有划入网格的地面"), swatch: hatched(alarm, "none") },
  ];
}

/** @param {L.Map} map */
export default function start(map) {
  const corner = byId("top-right");
  const opener = button("layers", t("图层和图例"), () => open(true));
  const box = el("section", { class: "legend", "aria-label": t("图层和图例") });
  corner.append(opener, box);
  /** @param {boolean} wide */
  const open = (wide) => {
    opener.hidden = wide;
    box.hidden = !wide;
    if (wide) write(box, () => open(false));
  };
  open(matchMedia(ROOMY).matches);
  onTurn(() => write(box, () => open(false)));
  const tell = () => box.classList.toggle("afar", Math.round(map.getZoom()) < FINE_FROM);
  map.on("zoomend", tell);
  tell();
}

/** @param {HTMLElement} box @param {() => void} close */
function write(box, close) {
  const shut = el("button", { type: "button", class: "button quiet", "aria-label": t("收起图例"), onclick: close }, icon("close"));
  fill(box, el("div", { class: "legend-head" }, t("图层和图例"), shut), ...rows().map(row), missing());
}

/** @param {Row} what */
function row({ name, text, swatch, fine }) {
  const box = el("input", {
    type: "checkbox",
    checked: switches.shown(name),
    onchange: (/** @type {Event} */ event) => switches.turn(name, /** @type {HTMLInputElement} */ (event.target).checked),
  });
  return el("label", { class: "legend-row" }, box, el("span", {}, text, fine && afar()), swatch);
}

function missing() {
  const { hatch, building } = palette();
  return el("div", { class: "legend-row sole" }, el("span", {}, t("没有党小组的楼栋"), afar()), hatched(hatch, building));
}

/** Shown as long as the map is too far away for the layer. */
function afar() {
  return el("small", { class: "legend-afar" }, t("放大后可见"));
}

/** @param {...SVGElement} parts */
function swatchOf(...parts) {
  return svg("svg", { class: "swatch", viewBox: "0 0 36 20", "aria-hidden": "true" }, ...parts);
}

/** @param {string} stroke @param {number} width */
function line(stroke, width) {
  return swatchOf(svg("path", { d: "M1 14C10 4 22 18 35 6", fill: "none", stroke, "stroke-width": width }));
}

/** @param {string[]} colours */
function patches(colours) {
  return swatchOf(...colours.slice(0, 4).map((fill, i) => svg("rect", { x: i * 9, y: 4, width: 9, height: 12, fill })));
}

/** @param {string} stroke @param {string} fill */
function hatched(stroke, fill) {
  const lines = svg("path", { d: "M2 16L14 4M10 16L22 4M18 16L30 4M26 16L34 8", stroke, "stroke-width": 1.4 });
  return swatchOf(svg("rect", { x: 1, y: 4, width: 34, height: 12, fill, stroke, "stroke-width": 0.8 }), lines);
}

function dots() {
  const { accent, alarm } = palette();
  const ring = (/** @type {number} */ cx, /** @type {string} */ stroke) => {
    return svg("circle", { cx, cy: 10, r: 6.5, fill: "none", stroke, "stroke-width": 2.5 });
  };
  return swatchOf(ring(9, accent), ring(27, alarm));
}
