/** The legend of the coverage map: its swatches in the colours of the hour, and only what is shown. */

import { byId } from "./dom.js";
import { palette } from "./palette.js";
import { colours } from "./ramps.js";

/** @typedef {"spots" | "shapes" | "looked" | "single" | "far" | "unknown"} Part */

/** @param {import("./ramps.js").Ramp} ramp of the measure
 * @param {Record<Part, boolean>} shown which kinds of marks stand on the map */
export function key(ramp, shown) {
  const box = byId("cover-legend");
  const [five, { hatch, alarm, accent, halo, groups, buildingEdge: edge }] = [colours(ramp), palette()];
  for (const swatch of box.querySelectorAll(".cover-swatch[data-class]")) {
    const rect = swatch.querySelector("rect");
    rect?.setAttribute("fill", five[Number(swatch.getAttribute("data-class")) - 1] ?? "none");
    rect?.setAttribute("fill-opacity", "0.85");
  }
  const inks = { hatch, alarm, accent, halo, edge };
  for (const part of box.querySelectorAll("[data-ink]")) {
    const ink = inks[/** @type {keyof typeof inks} */ (part.getAttribute("data-ink"))];
    part.setAttribute(part.hasAttribute("data-filled") ? "fill" : "stroke", ink);
  }
  box.querySelectorAll("[data-group]").forEach((part, n) => part.setAttribute("fill", groups[n]));
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-shown]"))) {
    row.hidden = !shown[/** @type {Part} */ (row.dataset.shown)];
  }
}
