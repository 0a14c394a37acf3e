/** The grids of a day on the map, with those that changed and the borders that they had before. */

import { heart } from "../geometry.js";
import { el } from "../dom.js";
import { said } from "../i18n.js";
import { standing } from "../obstacles.js";
import { palette } from "../palette.js";
import { colours } from "../redraw/colours.js";
import { fitted } from "../redraw/plates.js";
import { numberOf } from "../redraw/standing.js";
import { page } from "../state.js";

const FAR = 14.5;
/** How grids changed, those that must be found first come last. */
const ORDER = ["changed", "restored", "new"];
const PANES = { tiers: 330, grids: 320, ghosts: 420 };

/** @typedef {GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, {code: string, name: string}>} GridOfDay */

export class Ground {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    /** @type {Record<string, L.GeoJSON>} */
    this.layers = {};
    for (const [name, order] of Object.entries(PANES)) this.#pane(name, order);
    this.plates = L.layerGroup().addTo(map);
    /** @type {Map<string, string>} how each grid changed that did */
    this.how = new Map();
    /** @type {GridOfDay[]} */
    this.features = [];
    this.rects = /** @type {import("../geometry.js").Rect[]} */ ([]);
    standing("marks", () => this.rects);
    map.on("zoomend moveend", () => this.label());
  }

  /** @param {string} name @param {number} order */
  #pane(name, order) {
    this.map.createPane(name).style.zIndex = String(order);
    const renderer = L.canvas({ pane: name, padding: 0.3 });
    const styles = { tiers: () => this.#tier(), grids: (/** @type {any} */ { properties }) => this.#grid(properties.code), ghosts: () => this.#ghost() };
    const tip = (/** @type {any} */ { properties }, /** @type {L.Layer} */ layer) => void ( name === "grids" && layer.bindTooltip(el("span", {}, el("b", {}, said(properties.name)), " ", el("span", { class: "code" }, properties.code)), { sticky: true }));
    this.layers[name] = L.geoJSON(undefined, { pane: name, interactive: name === "grids", style: styles[/** @type {keyof typeof PANES} */ (name)], onEachFeature: tip, ...(/** @type {any} */ ({ renderer })) }).addTo(this.map);
    if (name !== "grids") /** @type {HTMLElement} */ (this.map.getPane(name)).style.pointerEvents = "none";
  }

  /** The communities, which redraws leave as they are. @param {GeoJSON.Feature[]} features */
  beneath(features) {
    for (const feature of features) this.layers.tiers.addData(feature);
  }

  /** @param {GridOfDay[]} features @param {HistoryDay} day */
  show(features, { items }) {
    const turned = items.flatMap(({ load, grids }) => (load ? [] : grids));
    this.features = features;
    this.how = new Map(turned.map(({ code, how }) => [code, how]));
    this.layers.grids.clearLayers();
    const marked = (/** @type {GridOfDay} */ { properties }) => Number(this.how.has(properties.code));
    for (const feature of [...features].sort((a, b) => marked(a) - marked(b))) this.layers.grids.addData(feature);
    this.layers.ghosts.clearLayers();
    for (const { was } of turned) if (was) this.layers.ghosts.addData(/** @type {any} */ ({ type: "Feature", properties: {}, geometry: was }));
    this.label();
  }

  /** The shapes of all grids of the day. */
  get shapes() {
    return this.features.map(({ geometry }) => geometry);
  }

  /** The shapes of those that changed. */
  get changed() {
    return this.features.filter(({ properties }) => this.how.has(properties.code)).map(({ geometry }) => geometry);
  }

  repaint() {
    for (const layer of Object.values(this.layers)) layer.resetStyle();
  }

  #tier() {
    return { color: palette().tier, weight: 2, opacity: 0.8, fill: false };
  }

  #ghost() {
    return { color: colours().ghost, weight: 2, opacity: 1, dashArray: "3 6", fill: false };
  }

  /** @param {string} code */
  #grid(code) {
    const how = this.how.get(code);
    const [fresh, turned] = colours().parts;
    const isNew = how === "new" || how === "restored";
    const color = isNew ? fresh : turned;
    if (!how) return { color: palette().tier, weight: 1, opacity: 0.55, fill: true, fillOpacity: 0 };
    return { color, weight: 3, opacity: 1, fill: true, fillColor: color, fillOpacity: isNew ? 0.3 : 0.2 };
  }

  /** Writes the numbers of the grids where they fit, from near of all, from afar of those that changed. */
  label() {
    this.plates.clearLayers();
    const turned = (/** @type {GridOfDay} */ { properties: { code } }) => ORDER.indexOf(this.how.get(code) ?? "");
    const shown = this.map.getZoom() < FAR ? this.features.filter((one) => turned(one) >= 0) : this.features;
    const bounds = this.map.getBounds();
    const due = [...shown].sort((a, b) => turned(b) - turned(a)).flatMap(({ properties: { code }, geometry }) => {
      const [lon, lat] = heart(geometry) ?? [0, 0];
      return bounds.contains([lat, lon]) ? [{ code, number: numberOf(code), figure: "", at: this.map.latLngToContainerPoint([lat, lon]) }] : [];
    });
    const fitting = fitted(due);
    this.rects = fitting;
    for (const { number, x, y } of fitting) this.plates.addLayer(this.#plate(number, { x, y }));
    page.drawn();
  }

  /** @param {string} number @param {{x: number, y: number}} at */
  #plate(number, { x, y }) {
    const icon = L.divIcon({ className: "grid-plate-place", iconSize: [0, 0], html: el("span", { class: "grid-plate" }, el("b", {}, number)) });
    return L.marker(this.map.containerPointToLatLng([x, y]), { icon, interactive: false, keyboard: false, pane: "shadowPane" });
  }
}
