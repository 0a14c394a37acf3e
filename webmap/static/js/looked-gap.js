/** The gap that one looks at: ringed, with the outlines of its grid and of those that could help. */

import { ask, sentence } from "./api.js";
import { written } from "./geometry.js";
import { showNotice } from "./notice.js";
import { palette } from "./palette.js";
import { settle } from "./sheet.js";
import { bringIntoView } from "./tools/view.js";

const NEAR = 16.5;
/** How far around a gap, in degrees, grids are looked for whose groups could take it. */
const AROUND = 0.02;

export class LookedGap {
  /** Where it lies, longitude and latitude. @type {[number, number] | null} */
  at = null;
  /** @type {L.GeoJSON | null} */
  #outlines = null;
  /** @type {L.CircleMarker | null} */
  #ring = null;

  /** @param {L.Map} map @param {string} grids where their shapes come from
   * @param {{pane: string, renderer: L.Renderer}} drawn how @param {() => void} changed */
  constructor(map, grids, drawn, changed) {
    this.map = map;
    this.grids = grids;
    this.drawn = drawn;
    this.changed = changed;
  }

  /** Whether outlines of grids are shown. */
  isOutlined() {
    return Boolean(this.#outlines);
  }

  /** A gap's name in the list shows its place. @param {Event} event */
  clicked({ target }) {
    const name = target instanceof Element && target.closest("[data-spot]");
    const row = name && name.closest("[data-lon]");
    if (!(row instanceof HTMLElement) || !row.dataset.lon) return;
    const [lon, lat] = [Number(row.dataset.lon), Number(row.dataset.lat)];
    this.at = [lon, lat];
    if (document.getElementById("panel")?.dataset.stop === "full") settle("half");
    bringIntoView(this.map, lat, lon, NEAR);
    this.changed();
    this.#outline(row.dataset.grid ?? "", (row.dataset.offers ?? "").split(" "));
    this.#ring?.remove();
    this.#ring = L.circleMarker([lat, lon], { ...this.drawn, radius: 16, color: palette().alarm, weight: 4, fill: false, interactive: false }).addTo(this.map);
    for (const other of document.querySelectorAll(".cover-gap[aria-current]")) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
  }

  /** The grid that it is about, and with a thinner line those whose groups could take it.
   * @param {string} code @param {string[]} offers */
  async #outline(code, offers) {
    this.#outlines?.remove();
    this.#outlines = null;
    if (!code || !this.at) return;
    const [lon, lat] = this.at;
    try {
      const { features } = await ask(this.grids, { params: { bbox: written([lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND]), figures: "false" } });
      if (this.at[0] !== lon || this.at[1] !== lat) return; // meanwhile one looks at another
      const wanted = features.filter((/** @type {any} */ { properties }) => properties.code === code || offers.includes(properties.code));
      this.#outlines = L.geoJSON(wanted, {
        .../** @type {any} */ (this.drawn),
        interactive: false,
        style: (feature) => (feature?.properties.code === code ? { color: palette().alarm, weight: 4, fill: false } : { color: palette().accent, weight: 3, dashArray: "6 4", fill: false }),
      }).addTo(this.map);
      this.changed();
    } catch (error) {
      showNotice(sentence(error));
    }
  }
}
