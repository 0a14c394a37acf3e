/** Zoom buttons, the scale, and the sheet's handle. */

import { startCrosshair } from "../crosshair.js";
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { rectsOf, standing } from "../obstacles.js";
import { coverage, startSheet } from "../sheet.js";
import { page } from "../state.js";

const ON_MAP = ".leaflet-marker-pane :is(.marker svg, .pinned svg, .needle svg use, .here)";
const ABOVE_MAP = ".corner > *, .leaflet-control-scale, .credit, .map-hint";
const CALM = "(prefers-reduced-motion: reduce)";

/** @param {L.Map} map */
export default function start(map) {
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  map.getContainer().setAttribute("role", "region");
  map.getContainer().setAttribute("aria-label", nameOf());
  if (chooses()) startCrosshair(map);
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
  becalm(map);
  tellObstacles(map);
}

/** Whether a click on the map chooses something on this page. */
function chooses() {
  return Boolean(document.querySelector("#facts-view, #report, #station, #redraw"));
}

function nameOf() {
  if (document.getElementById("redraw")) return t("地图，方向键移动，加减键缩放，回车点一下正中");
  if (!chooses()) return t("地图，方向键移动，加减键缩放");
  if (document.querySelector("#report, #station")) return t("地图，方向键移动，加减键缩放，回车把针放在正中");
  return t("地图，方向键移动，加减键缩放，回车打开正中的网格或楼栋");
}

/** Nothing slides or fades for those who asked for calm. @param {L.Map} map */
function becalm(map) {
  const calm = matchMedia(CALM);
  const set = () => {
    const inner = /** @type {any} */ (map);
    inner._zoomAnimated = L.Browser.any3d && !calm.matches;
    inner._fadeAnimated = !calm.matches;
    map.options.inertia = !calm.matches;
  };
  calm.addEventListener("change", set);
  set();
}

/** What names keep away from: the marks, the controls, and the sheet. @param {L.Map} map */
function tellObstacles(map) {
  const container = map.getContainer();
  const around = container.parentElement ?? container;
  standing("marks", () => rectsOf(container, container.querySelectorAll(ON_MAP)));
  standing("controls", () => rectsOf(container, around.querySelectorAll(ABOVE_MAP)));
  standing("sheet", () => {
    const [{ x, y }, height] = [map.getSize(), coverage()];
    return height ? [{ x: x / 2, y: y - height / 2, width: x, height }] : [];
  });
  page.addEventListener("sheet", () => page.drawn());
}

/** A square button on the map. @param {string} picture @param {string} label @param {() => void} act */
export function button(picture, label, act) {
  return el("button", { type: "button", class: "control", "aria-label": label, title: label, onclick: act }, icon(picture));
}
