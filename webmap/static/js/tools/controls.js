/** Zoom buttons, the scale, and the sheet's handle. */

import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { startSheet } from "../sheet.js";

/** What an A4 page held across has room for, in CSS pixels. */
const PAPER = { x: 1000, y: 600 };

/** @param {L.Map} map */
export default function start(map) {
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", t("地图，方向键移动，加减键缩放"));
  if (document.getElementById("panel")) startSheet();
  const nearer = button("plus", t("放大"), () => map.setZoom(Math.floor(map.getZoom()) + 1));
  const farther = button("minus", t("缩小"), () => map.setZoom(Math.ceil(map.getZoom()) - 1));
  document.getElementById("bottom-right")?.append(el("div", { class: "control-pair zoom" }, nearer, farther));
  const tell = () => {
    nearer.disabled = map.getZoom() >= map.getMaxZoom();
    farther.disabled = map.getZoom() <= map.getMinZoom();
  };
  map.on("zoomend", tell);
  tell();
  addEventListener("beforeprint", () => measure(map));
}

/** Tell the style sheet how large the map is on the screen: on paper it keeps its picture, at a
 * scale that fits the page. @param {L.Map} map */
function measure(map) {
  const { x, y } = map.getSize();
  const sizes = { "--map-width": `${x}px`, "--map-height": `${y}px`, "--map-scale": Math.min(1, PAPER.x / x, PAPER.y / y) };
  for (const [name, value] of Object.entries(sizes)) document.documentElement.style.setProperty(name, String(value));
}

/** A square button on the map. @param {string} picture @param {string} label @param {() => void} act */
export function button(picture, label, act) {
  return el("button", { type: "button", class: "control", "aria-label": label, title: label, onclick: act }, icon(picture));
}
