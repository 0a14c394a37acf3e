/** Gaps in coverage as marks: a dot where one has but a place, a dashed outline where it has a shape. */

import { el } from "./dom.js";
import { said } from "./i18n.js";
import { palette } from "./palette.js";

/** The marks of gaps that have a place, each telling of itself under the pointer.
 * @param {GeoJSON.Feature<GeoJSON.Geometry, CoverageGap>[]} gaps @param {string} pane @param {L.Renderer} renderer */
export function gapMarks(gaps, pane, renderer) {
  const { alarm, halo } = palette();
  const drawn = L.geoJSON(undefined, {
    pane,
    ...(/** @type {any} */ ({ renderer })),
    style: () => ({ color: alarm, weight: 2, dashArray: "5 4", fillColor: alarm, fillOpacity: 0.35, renderer }),
    pointToLayer: (_feature, at) => L.circleMarker(at, { renderer, radius: 7, color: halo, weight: 2, fillColor: alarm, fillOpacity: 1, dashArray: undefined, pane }),
    onEachFeature: ({ properties }, layer) => {
      const { title, name, size, why } = properties;
      layer.bindTooltip(el("span", { class: "cover-tip" }, el("b", {}, title), ` ${size}`, el("br"), said(name), el("br"), why));
    },
  });
  for (const gap of gaps) drawn.addData(gap);
  drawn.setStyle((feature) => (feature?.geometry.type === "Point" ? { dashArray: "", color: halo, fillColor: alarm, fillOpacity: 1 } : {}));
  return drawn;
}
