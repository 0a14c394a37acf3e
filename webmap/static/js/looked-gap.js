/** The gap that one looks at: ringed, with the outlines of its grid and of those that could help. */

import { ask, sentence } from "./api.js";
import { opened } from "./cover-buildings.js";
import { el } from "./dom.js";
import { written } from "./geometry.js";
import { said, t } from "./i18n.js";
import { showNotice } from "./notice.js";
import { palette } from "./palette.js";
import { raise, settle } from "./sheet.js";
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
    if (document.getElementById("panel")?.dataset.stop === "full") settle("half");
    this.#light(row, NEAR);
  }

  /** A gap's mark shows its card in the list; where this page of the list has none, a popup tells of it.
   * @param {CoverageGap} gap @param {L.LatLng} at @param {boolean} byKey whether the keys go on there */
  pressed(gap, at, byKey) {
    const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".cover-gap[data-of]")]);
    const row = rows.find(({ dataset }) => dataset.of === `${gap.kind} ${gap.code}`);
    if (!row) return void opened(this.map, at, described(gap));
    this.map.closePopup();
    raise();
    this.#light(row, 0);
    row.scrollIntoView({ block: "center" });
    if (byKey) row.querySelector("button")?.focus({ preventScroll: true });
  }

  /** Ring the gap of a card, and light the card. @param {HTMLElement} row @param {number} zoom at least this near */
  #light(row, zoom) {
    for (const other of document.querySelectorAll(".cover-gap[aria-current]")) other.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    if (!row.dataset.lon) return;
    const [lon, lat] = [Number(row.dataset.lon), Number(row.dataset.lat)];
    this.at = [lon, lat];
    bringIntoView(this.map, lat, lon, zoom);
    this.changed();
    this.#outline(row.dataset.grid ?? "", (row.dataset.offers ?? "").split(" "));
    this.#ring?.remove();
    this.#ring = L.circleMarker([lat, lon], { ...this.drawn, radius: 16, color: palette().alarm, weight: 4, fill: false, interactive: false }).addTo(this.map);
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

/** @param {CoverageGap} gap */
function described({ kind, title, name, size, why, grid, community }) {
  const area = grid ?? community;
  const query = new URLSearchParams(area ? { area, kind } : { kind });
  return el("div", { class: "cover-building" },
    el("b", {}, title),
    el("p", {}, said(name), ` ${size}`),
    el("p", {}, why),
    el("p", {}, el("a", { href: `/coverage?${query}#gaps-title` }, t("看这一处的缺口"))));
}
