/** Two divisions of the same ground on two maps that move together. */

import { ask, sentence } from "../api.js";
import { byId, el } from "../dom.js";
import { count } from "../format.js";
import { boxOf, heart } from "../geometry.js";
import { lang, t } from "../i18n.js";
import { showNotice } from "../notice.js";
import { onTurn, palette } from "../palette.js";
import { colours } from "../redraw/colours.js";
import { fitted } from "../redraw/plates.js";
import { numberOf, polygons } from "../redraw/standing.js";
import { default as startBase } from "./base.js";

const PANE = "compared";
const EDGE = 24;
const NEAREST = 17.5;

/** @typedef {GeoJSON.Feature<any, {code: string}>} Cell */
/** @typedef {{cells: {features: Cell[]}, figures: Record<string, GridFigures & {band: string}>}} SideOf */

/** @param {L.Map} left @param {{plans: string, tiles: string}} settings */
export default async function start(left, { plans, tiles }) {
  const right = twin(left);
  startBase(right, { url: tiles, largest_zoom: 16, plain: true });
  together(left, right);
  const { plan, other } = byId("two-maps").dataset;
  try {
    const found = await ask(`${plans}/${plan}/compare`, { params: { other } });
    show(left, right, found);
  } catch (error) {
    showNotice(sentence(error));
  }
}

/** A second map that looks like the first. @param {L.Map} map */
function twin(map) {
  const { options } = map;
  const other = L.map("compare_other", { ...options, center: map.getCenter(), zoom: map.getZoom(), renderer: undefined, layers: [] });
  const container = other.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", t("右边的地图，和左边一起移动"));
  return other;
}

/** Where one map goes, the other goes. @param {L.Map} left @param {L.Map} right */
function together(left, right) {
  let led = false;
  for (const [one, other] of [[left, right], [right, left]]) {
    /** @type {any} */ (one)._zoomAnimated = false;
    one.on("move zoom", () => {
      if (led) return;
      led = true;
      try {
        other.setView(one.getCenter(), one.getZoom(), { animate: false });
      } finally {
        led = false;
      }
    });
  }
}

/** @param {L.Map} left @param {L.Map} right
 * @param {{left: SideOf, right: SideOf, differing: string[], still: {features: Cell[]}}} found */
function show(left, right, found) {
  const differing = new Set(found.differing);
  const changed = [...found.left.cells.features, ...found.right.cells.features].map(({ geometry }) => geometry);
  const shapes = changed.length ? changed : found.still.features.map(({ geometry }) => geometry);
  const positions = shapes.flatMap((shape) => polygons(shape).flatMap(({ coordinates }) => coordinates[0]));
  if (positions.length) {
    const [west, south, east, north] = boxOf(positions);
    left.fitBounds([[south, west], [north, east]], { padding: [EDGE, EDGE], maxZoom: NEAREST, animate: false });
  }
  const sides = [new Side(left, found.left, found.right, found.still.features, differing), new Side(right, found.right, found.left, found.still.features, differing)];
  onTurn(() => sides.forEach((side) => side.draw()));
}

class Side {
  /** @param {L.Map} map @param {SideOf} own @param {SideOf} other @param {Cell[]} still @param {Set<string>} differing */
  constructor(map, own, other, still, differing) {
    this.map = map;
    this.own = own;
    this.other = other;
    this.still = still;
    this.differing = differing;
    map.createPane(PANE).style.zIndex = "410";
    const renderer = L.canvas({ pane: PANE, padding: 0.3 });
    const style = (/** @type {any} */ feature) => feature.properties;
    this.drawn = L.geoJSON(undefined, { pane: PANE, interactive: false, style, ...(/** @type {any} */ ({ renderer })) }).addTo(map);
    this.plates = L.layerGroup().addTo(map);
    map.on("moveend zoomend", () => this.label());
    this.draw();
  }

  draw() {
    this.drawn.clearLayers();
    const { parts, ghost } = colours();
    const calm = { color: palette().tier, weight: 1, opacity: 0.6, fill: false };
    for (const { geometry } of this.still) this.#add(geometry, calm);
    const marked = (/** @type {Cell} */ { properties }) => this.differing.has(properties.code);
    for (const cell of [...this.own.cells.features].sort((a, b) => Number(marked(a)) - Number(marked(b)))) {
      const line = marked(cell) ? { color: parts[1], weight: 3, opacity: 1 } : { color: palette().tier, weight: 1.6, opacity: 0.9 };
      this.#add(cell.geometry, { ...line, fill: true, ...this.#fill(cell.properties.code) });
    }
    for (const cell of this.other.cells.features) if (marked(cell)) this.#add(cell.geometry, { color: ghost, weight: 1.6, dashArray: "3 6", fill: false });
    this.label();
  }

  /** @param {any} geometry @param {L.PathOptions} style */
  #add(geometry, style) {
    this.drawn.addData(/** @type {any} */ ({ type: "Feature", geometry, properties: style }));
  }

  /** @param {string} code */
  #fill(code) {
    const band = this.own.figures[code]?.band ?? "within";
    const { above, below, within } = colours();
    return { fillColor: { over: above, under: below, within }[band], fillOpacity: band === "within" ? 0.06 : 0.24 };
  }

  /** The number and the households of each grid where they fit. */
  label() {
    this.plates.clearLayers();
    const apart = (/** @type {Cell} */ { properties: { code } }) => Number(this.differing.has(code)) + Number(!this.other.figures[code]);
    const own = [...this.own.cells.features].sort((a, b) => apart(b) - apart(a));
    const due = [...own, ...this.still].map(({ properties: { code }, geometry }) => {
      const [lon, lat] = heart(geometry) ?? [0, 0];
      const { households, band } = this.own.figures[code] ?? {};
      const figure = households === undefined ? "" : t("{count} 户", { count: count(households, lang) });
      return { code, number: numberOf(code), figure, band, at: this.map.latLngToContainerPoint([lat, lon]) };
    });
    for (const { code, figure: homes, band, x, y } of fitted(due)) {
      const level = /** @type {const} */ ({ over: "above", under: "below", within: "within" })[band ?? "within"];
      const sign = { above: "▲ ", below: "▼ ", within: "" }[level];
      const html = el("span", { class: `grid-plate ${level}` }, el("b", {}, numberOf(code)), homes && el("small", {}, sign, homes));
      const icon = L.divIcon({ className: "grid-plate-place", iconSize: [0, 0], html });
      this.plates.addLayer(L.marker(this.map.containerPointToLatLng([x, y]), { icon, interactive: false, keyboard: false, pane: "shadowPane" }));
    }
  }
}
