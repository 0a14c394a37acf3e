/** Zoom buttons, the scale, and the sheet's handle. */

import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { startSheet } from "../sheet.js";

/** @param {L.Map} map */
export default function start(map) {
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", t("地图，方向键移动，加减键缩放"));
  if (document.getElementById("panel")) startSheet();
  const nearer = button("plus", t("放大"), () => map.zoomIn());
  const farther = button("minus", t("缩小"), () => map.zoomOut());
  document.getElementById("bottom-right")?.append(el("div", { class: "control-pair zoom" }, nearer, farther));
  const tell = () => {
    nearer.disabled = map.getZoom() >= map.getMaxZoom();
    farther.disabled = map.getZoom() <= map.getMinZoom();
  };
  map.on("zoomend", tell);
  tell();
}

/** A square button on the map. @param {string} picture @param {string} label @param {() => void} act */
export function button(picture, label, act) {
  return el("button", { type: "button", class: "control", "aria-label": label, title: label, onclick: act }, icon(picture));
}
