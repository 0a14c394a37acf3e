/** Gaps in coverage as marks: a dot where one has but a place, a dashed outline where it has a shape. */

import { el } from "./dom.js";
import { said } from "./i18n.js";
import { palette } from "./palette.js";
import { coverage } from "./sheet.js";

const TOUCHED = "(pointer: coarse)";
/** How far around a dot's middle a finger may come down, in pixels. */
const FINGER = 15;
const EDGE = 48;

/** The marks of gaps that have a place, each telling of itself under the pointer; a press on one, or
 * Enter, is told. Of all of them one is a stop of the tab key, and arrows lead to the others.
 * @param {GeoJSON.Feature<GeoJSON.Geometry, CoverageGap>[]} gaps @param {string} pane @param {L.Renderer} renderer
 * @param {(gap: CoverageGap, at: L.LatLng, byKey: boolean) => void} pressed */
export function gapMarks(gaps, pane, renderer, pressed) {
  const { alarm, halo } = palette();
  /** @type {[CoverageGap, L.Path][]} */
  const marks = [];
  const drawn = L.geoJSON(undefined, {
    pane,
    ...(/** @type {any} */ ({ renderer })),
    style: () => ({ color: alarm, weight: 2, dashArray: "5 4", fillColor: alarm, fillOpacity: 0.35, renderer }),
    pointToLayer: (_feature, at) => L.circleMarker(at, { renderer, radius: 7, color: halo, weight: 2, fillColor: alarm, fillOpacity: 1, dashArray: undefined, pane }),
    onEachFeature: ({ properties }, layer) => {
      const { title, name, size, why } = properties;
      layer.bindTooltip(el("span", { class: "cover-tip" }, el("b", {}, title), ` ${size}`, el("br"), said(name), el("br"), why));
      layer.on("click", (/** @type {any} */ event) => {
        L.DomEvent.stopPropagation(event);
        layer.closeTooltip();
        pressed(properties, event.latlng, false);
      });
      marks.push([properties, /** @type {L.Path} */ (layer)]);
    },
  });
  for (const gap of gaps) drawn.addData(gap);
  drawn.setStyle((feature) => (feature?.geometry.type === "Point" ? { dashArray: "", color: halo, fillColor: alarm, fillOpacity: 1 } : {}));
  drawn.once("add", () => walk(marks, pressed));
  if (matchMedia(TOUCHED).matches) widen(drawn, { renderer, pane });
  return drawn;
}

/** Lay a ring that is not seen beneath each dot, wide enough for a finger, as long as the dots stand.
 * @param {L.GeoJSON} drawn @param {object} how */
function widen(drawn, how) {
  const rings = L.layerGroup();
  for (const dot of drawn.getLayers()) {
    if (!(dot instanceof L.CircleMarker)) continue;
    const ring = L.circleMarker(dot.getLatLng(), { ...how, radius: FINGER, stroke: false, fillOpacity: 0 });
    rings.addLayer(ring.on("click", (event) => void dot.fire("click", event)));
  }
  drawn.on("add", ({ target }) => {
    rings.addTo(target._map);
    rings.invoke("bringToBack");
  });
  drawn.on("remove", () => void rings.remove());
}

/** Let keys reach the marks: one is a stop of the tab key, arrows lead on to the others.
 * @param {[CoverageGap, L.Path][]} marks @param {(gap: CoverageGap, at: L.LatLng, byKey: boolean) => void} pressed */
function walk(marks, pressed) {
  marks.forEach(([gap, mark], n) => {
    const stop = mark.getElement();
    if (!stop) return;
    const told = { role: "button", tabindex: n ? "-1" : "0", "aria-label": `${gap.title} ${gap.size} ${gap.code}` };
    for (const [name, value] of Object.entries(told)) stop.setAttribute(name, value);
    stop.addEventListener("keydown", (event) => {
      const { key } = /** @type {KeyboardEvent} */ (event);
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key] ?? 0;
      if (!step && key !== "Enter" && key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      if (step) onto(stop, marks.at((n + step) % marks.length)?.[1]);
      else pressed(gap, middleOf(mark), true);
    });
  });
}

/** @param {Element} from @param {L.Path | undefined} mark */
function onto(from, mark) {
  const stop = mark?.getElement();
  if (!mark || !(stop instanceof SVGElement)) return;
  /** @type {any} */ (mark)._map.panInside(middleOf(mark), { paddingTopLeft: [EDGE, EDGE], paddingBottomRight: [EDGE, EDGE + coverage()], animate: false });
  from.setAttribute("tabindex", "-1");
  stop.setAttribute("tabindex", "0");
  stop.focus();
}

/** @param {L.Path} mark @returns {L.LatLng} */
function middleOf(mark) {
  return mark instanceof L.CircleMarker ? mark.getLatLng() : /** @type {L.Polygon} */ (mark).getBounds().getCenter();
}
