/** Draws the grids, what a plan changes of them, what is tried, and what was refused. */

import { el, icon as picture } from "../dom.js";
import { count } from "../format.js";
import { lang, t } from "../i18n.js";
import { standing } from "../obstacles.js";
import { slanted } from "../palette.js";
import { page } from "../state.js";
import { colours, onTurn } from "./colours.js";
import { explain } from "./key.js";
import { fitted } from "./plates.js";
import { judged } from "./standing.js";

/** @typedef {import("./standing.js").Standing} Standing @typedef {import("./standing.js").Grid} Grid @typedef {import("./standing.js").Shape} Shape */
/** @typedef {{now: Standing, then: Standing | null, parts: string[], picked: string[], chosen: Set<string>, scene: Scene, handed: DrawnPlan["handed"]}} Picture */

const PANES = { fill: 410, houses: 420, lines: 430, tints: 440, pen: 460, refused: 470 };
const FAR = 14.5;

export class Painter {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    /** @type {Record<string, L.GeoJSON>} */
    this.layers = {};
    for (const [name, order] of Object.entries(PANES)) this.#pane(name, order);
    this.labels = L.layerGroup().addTo(map);
    /** @type {Picture | null} */
    this.picture = null;
    /** @type {Set<string>} grids that are locked, by code */
    this.locked = new Set();
    this.plates = /** @type {import("../geometry.js").Rect[]} */ ([]);
    standing("marks", () => this.plates);
    map.on("zoomend moveend", () => this.label());
    onTurn(() => this.picture && this.paint(this.picture));
  }

  /** @param {string} name @param {number} order */
  #pane(name, order) {
    const pane = this.map.createPane(name);
    pane.style.zIndex = String(order);
    pane.style.pointerEvents = "none";
    const renderer = L.canvas({ pane: name, padding: 0.3 });
    const style = (/** @type {any} */ feature) => feature?.properties ?? {};
    const pointToLayer = (/** @type {any} */ _feature, /** @type {L.LatLng} */ at) => L.circleMarker(at, { radius: 7 });
    this.layers[name] = L.geoJSON(undefined, { pane: name, interactive: false, style, pointToLayer, ...(/** @type {any} */ ({ renderer })) }).addTo(this.map);
  }

  /** @param {string} name @param {{shape: any, style: L.PathOptions}[]} things */
  put(name, things) {
    const layer = this.layers[name];
    layer.clearLayers();
    for (const { shape, style } of things) layer.addData(/** @type {any} */ ({ type: "Feature", geometry: shape, properties: style }));
  }

  /** @param {Picture} picture */
  paint(picture) {
    this.picture = picture;
    const { now, then, scene } = picture;
    const shown = then ?? now;
    this.put("fill", [...this.#ground(shown), ...this.#open(shown)]);
    this.put("houses", this.#houses(shown));
    this.put("lines", [...this.#beside(scene), ...this.#borders(shown), ...this.#ghosts(scene, shown)]);
    this.put("tints", [...this.#moving(), ...this.#picked(shown)]);
    explain(shown.grids, picture.parts, scene.band);
    this.label();
  }

  /** @param {Standing} shown */
  #ground({ grids }) {
    const { parts } = /** @type {Picture} */ (this.picture);
    return grids.map((grid) => {
      const part = parts.indexOf(grid.code);
      const [fillColor, fillOpacity] = part >= 0 ? [this.part(part), 0.26] : [this.tint(grid), this.tint(grid) === colours().within ? 0.06 : 0.24];
      return { shape: grid.shape, style: { stroke: false, fill: true, fillColor, fillOpacity } };
    });
  }

  /** @param {number} index */
  part(index) {
    const { parts } = colours();
    return parts[index % parts.length];
  }

  /** The colour of how a grid stands; none where colours tell which grid it is. @param {Grid} grid */
  tint(grid) {
    return /** @type {Picture} */ (this.picture).parts.length ? colours().within : this.levelOf(grid);
  }

  /** @param {Grid} grid */
  levelOf(grid) {
    const { scene } = /** @type {Picture} */ (this.picture);
    return grid.kind === "basic" ? colours()[judged(grid.households, scene.band)] : colours().within;
  }

  /** @param {Standing} shown */
  #open({ open }) {
    const color = colours().open;
    return open.map((shape) => ({ shape, style: { color, weight: 2, dashArray: "5 4", fill: true, fillOpacity: 0.7, fillColor: slanted(color) } }));
  }

  /** @param {Standing} shown */
  #houses({ homes, cut }) {
    const { scene, chosen, parts } = /** @type {Picture} */ (this.picture);
    const { houseEdge, chosen: picked, open } = colours();
    const yards = scene.courtyards.filter(({ code }) => cut.has(code)).map(({ outline }) => (
      { shape: { type: "Polygon", coordinates: outline }, style: { color: open, weight: 2, dashArray: "6 4", fill: false } }));
    return [...yards, ...scene.buildings.map(({ id, code, outline, households }) => {
      const home = homes.get(id) ?? null;
      const part = home === null ? -1 : parts.indexOf(home);
      const edge = cut.has(code) || (home === null && households > 0) ? { color: open, weight: 2 } : { color: houseEdge, weight: 0.8 };
      const fillColor = chosen.has(code) ? picked : this.part(Math.max(0, part));
      return { shape: { type: "Polygon", coordinates: outline }, style: { ...edge, fill: true, fillColor, fillOpacity: chosen.has(code) ? 0.85 : part >= 0 ? 0.4 : 0 } };
    })];
  }

  /** @param {Scene} scene */
  #beside({ beside }) {
    const style = { color: colours().ghost, weight: 0.7, opacity: 0.5, fill: false };
    return beside.map(({ geometry }) => ({ shape: geometry, style }));
  }

  /** @param {Standing} shown */
  #borders({ grids }) {
    const { parts } = /** @type {Picture} */ (this.picture);
    const drawn = grids.map((grid) => ({ grid, part: parts.indexOf(grid.code) }));
    return drawn.sort((a, b) => a.part - b.part).map(({ grid, part }) => ({
      shape: grid.shape,
      style: { color: part >= 0 ? this.part(part) : colours().line, weight: part >= 0 ? 3 : grid.changed ? 2.4 : 1.4, opacity: 0.95, fill: false, dashArray: part >= 0 ? "9 5" : undefined },
    }));
  }

  /** The old borders of what changed. @param {Scene} scene @param {Standing} shown */
  #ghosts({ grids }, shown) {
    const changed = new Set([...shown.gone, ...shown.grids.filter((grid) => grid.changed).map(({ code }) => code)]);
    const style = { color: colours().ghost, weight: 1.6, opacity: 0.95, dashArray: "2 6", fill: false };
    return grids.filter(({ properties: { code } }) => changed.has(code)).map(({ geometry }) => ({ shape: geometry, style }));
  }

  /** What moves, hatched in the colour of whom it goes to. */
  #moving() {
    const { handed, parts } = /** @type {Picture} */ (this.picture);
    return handed.filter(({ taker }) => parts.includes(taker)).map(({ taker, shape }) => {
      const color = this.part(parts.indexOf(taker));
      return { shape, style: { stroke: false, fill: true, fillColor: slanted(color), fillOpacity: 0.75 } };
    });
  }

  /** @param {Standing} shown */
  #picked({ grids }) {
    const { picked, parts } = /** @type {Picture} */ (this.picture);
    const style = { color: colours().pen, weight: 4, opacity: 1, fill: true, fillColor: colours().pen, fillOpacity: 0.08 };
    return grids.filter(({ code }) => picked.includes(code) && !parts.includes(code)).map(({ shape }) => ({ shape, style }));
  }

  /** Where something was refused. @param {any} place */
  refuse(place) {
    const color = colours().open;
    this.put("refused", place ? [{ shape: place, style: { color, weight: 4, opacity: 1, fill: true, fillColor: slanted(color), fillOpacity: 0.8 } }] : []);
  }

  /** The pen's line or area, as it grows. @param {[number, number][]} points @param {boolean} closed */
  pen(points, closed = false) {
    const color = colours().pen;
    const dots = points.map((at) => ({ shape: { type: "Point", coordinates: at }, style: { color: "#ffffff", weight: 2, fill: true, fillColor: color, fillOpacity: 1 } }));
    const ring = closed && points.length > 2 ? [...points, points[0]] : points;
    const line = ring.length > 1 ? [{ shape: { type: "LineString", coordinates: ring }, style: { color, weight: 4, opacity: 0.95, dashArray: "1 8", lineCap: /** @type {const} */ ("round") } }] : [];
    this.put("pen", [...line, ...(points.length <= 12 ? dots : [])]);
  }

  /** Writes the number and the households of each grid where they fit. */
  label() {
    if (!this.picture) return;
    const { now, then, parts } = this.picture;
    const near = this.map.getZoom() >= FAR;
    const rank = (/** @type {Grid} */ grid) => (grid.isNew ? 2000 : 0) + (grid.changed || parts.includes(grid.code) ? 1000 : 0) + (this.levelOf(grid) === colours().within ? 0 : 100);
    const grids = [...(then ?? now).grids].sort((a, b) => rank(b) - rank(a));
    const due = grids.map((grid) => ({
      grid, code: grid.code, number: grid.number, at: this.map.latLngToContainerPoint([grid.label[1], grid.label[0]]),
      figure: near ? t("{count} 户", { count: count(grid.households, lang) }) : "",
    }));
    this.labels.clearLayers();
    const fitting = fitted(due);
    this.plates = fitting;
    for (const { grid, figure, x, y } of fitting) this.labels.addLayer(this.#plate(grid, figure, { x, y }));
    page.drawn();
  }

  /** @param {Grid} grid @param {string} figure @param {{x: number, y: number}} at */
  #plate(grid, figure, { x, y }) {
    const { scene, parts } = /** @type {Picture} */ (this.picture);
    const level = grid.kind === "basic" ? judged(grid.households, scene.band) : "within";
    const colour = parts.length ? "" : ` ${level}`;
    const signs = { above: "▲ ", below: "▼ ", within: "" };
    const html = el("span", { class: `grid-plate${colour}${grid.changed ? " changed" : ""}` }, el("b", {}, grid.number, this.locked.has(grid.code) && picture("lock")), figure && el("small", {}, signs[level], figure));
    const icon = L.divIcon({ className: "grid-plate-place", iconSize: [0, 0], html });
    return L.marker(this.map.containerPointToLatLng([x, y]), { icon, interactive: false, keyboard: false, pane: "shadowPane" });
  }
}
