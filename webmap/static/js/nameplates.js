/** The names of the tiers on the map: where there is room for them, and nowhere else. */

import { Clearance } from "./clearance.js";
import { el } from "./dom.js";
import { boxOf, heart, holds, labelWidth, shortName, spread, thinned } from "./geometry.js";
import { obstacles } from "./obstacles.js";

const EDGE = 10;
/** How many cells of a border weigh as much as a corner outside, and pixels away as much as a cell. */
const [OUTSIDE, AWAY] = [6, 30];

/** @typedef {{name: string, ground: Ground[], type: number, css: string}} Group */
/** @typedef {{key: string, text: string, css: string, width: number, height: number, spots: Iterable<import("./geometry.js").Spot>}} Label */

export class Nameplates {
  /** @param {L.Map} map @param {() => Ground[]} borders whose lines names keep off */
  constructor(map, borders) {
    this.map = map;
    this.borders = borders;
    /** @type {Clearance | null} */
    this.clearance = null;
    this.layer = L.layerGroup().addTo(map);
    /** Where each name stood, so that it stays there as long as it can.
     * @type {Map<string, L.LatLng>} */
    this.stood = new Map();
    /** @type {WeakMap<Ground, [number, number]>} */
    this.middles = new WeakMap();
    this.zoom = map.getZoom();
    this.due = 0;
  }

  /** Write the names of these groups before the next frame. @param {() => Group[]} groups the weightier first */
  write(groups) {
    cancelAnimationFrame(this.due);
    this.due = requestAnimationFrame(() => this.now(groups()));
  }

  /** @param {Group[]} groups */
  now(groups) {
    if (this.zoom !== this.map.getZoom()) this.stood.clear();
    this.zoom = this.map.getZoom();
    this.clearance = null;
    const labels = thinned(groups.flatMap((group) => this.labels(group)), obstacles());
    this.stood = new Map(labels.map(({ key, x, y }) => [key, this.map.containerPointToLatLng([x, y])]));
    this.layer.clearLayers();
    for (const label of labels) this.layer.addLayer(plate(label, this.stood.get(label.key)));
  }

  /** @param {Group} group @returns {Label[]} */
  labels({ name, ground, type, css }) {
    const [view, size] = [this.map.getBounds(), this.map.getSize()];
    const told = ground.filter(({ properties: { label } }) => label);
    return told.flatMap((one) => {
      const [west, south, east, north] = extent(one);
      if (!view.intersects([[south, west], [north, east]])) return [];
      const text = shortName(one.properties.name);
      const spacing = css === "street" ? 1.14 : 1;
      const [width, height] = [labelWidth(text, type) * spacing + EDGE, type * 1.3];
      const key = `${name} ${one.properties.code}`;
      return { key, text, css, width, height, spots: this.spots(one, key, { width, height, size }) };
    });
  }

  /** Where a name may stand, the best first: where it stood, then on its own dry ground, off the
   * borders, and as near its middle as can be.
   * @param {Ground} one @param {string} key @param {{width: number, height: number, size: L.Point}} room
   * @returns {Generator<import("./geometry.js").Spot>} */
  *spots(one, key, { width, height, size }) {
    const [lon, lat] = this.middle(one, key);
    const before = this.stood.get(key);
    const wish = this.map.latLngToContainerPoint(L.latLng(lat, lon));
    const seen = (/** @type {import("./geometry.js").Spot} */ { x, y }) => x > width / 2 && y > height / 2 && x < size.x - width / 2 && y < size.y - height / 2;
    const kept = before && this.map.latLngToContainerPoint(before);
    if (kept && seen(kept)) yield kept;
    const ideal = seen(wish) && this.isIn(one, wish) && this.weight(one, wish, { width, height }, wish) === 0;
    if (ideal) yield wish;
    const beside = [-1, 1, -2, 2].map((step) => wish.add([0, step * height * 0.8]));
    const all = [wish, ...beside, ...spread(this.shown(one, size), wish, key.startsWith("streets") ? 14 : 6)].filter(seen);
    const weighed = all.filter((spot) => this.isIn(one, spot)).map((spot) => ({ spot, weight: this.weight(one, spot, { width, height }, wish) }));
    yield* weighed.sort((a, b) => a.weight - b.weight).map(({ spot }) => spot);
  }

  /** What speaks against a spot: borders under the name, corners on other ground, the way from the middle.
   * @param {Ground} one @param {import("./geometry.js").Spot} spot @param {{width: number, height: number}} room @param {import("./geometry.js").Spot} wish */
  weight(one, { x, y }, { width, height }, wish) {
    const corners = [-0.45, 0.45].flatMap((across) => [-0.4, 0.4].map((down) => ({ x: x + across * width, y: y + down * height })));
    const outside = corners.filter((corner) => !this.isIn(one, corner)).length;
    return this.lines().crossed({ x, y, width, height }) + OUTSIDE * outside + Math.hypot(x - wish.x, y - wish.y) / AWAY;
  }

  /** @param {Ground} one @param {import("./geometry.js").Spot} spot */
  isIn(one, { x, y }) {
    const { lng, lat } = this.map.containerPointToLatLng([x, y]);
    return holds(dry(one), [lng, lat]);
  }

  /** Where the borders run now. */
  lines() {
    if (this.clearance) return this.clearance;
    const made = new Clearance(this.map.getSize());
    const view = this.map.getBounds();
    for (const one of this.borders()) {
      const [west, south, east, north] = extent(one);
      if (!view.intersects([[south, west], [north, east]])) continue;
      for (const ring of rings(one.geometry)) made.add(ring.map(([lon, lat]) => this.map.latLngToContainerPoint([lat, lon])));
    }
    this.clearance = made;
    return made;
  }

  /** Where a name stands best; a community's is its label point, of a street it is looked for here.
   * @param {Ground} one @param {string} key @returns {[number, number]} */
  middle(one, key) {
    const known = this.middles.get(one);
    if (known) return known;
    const at = (key.startsWith("streets") ? heart(dry(one)) : null) ?? one.properties.label;
    this.middles.set(one, at);
    return at;
  }

  /** The part of its extent that is seen: left, top, right, bottom in pixels.
   * @param {Ground} one @param {L.Point} size @returns {[number, number, number, number]} */
  shown(one, size) {
    const [west, south, east, north] = extent(one);
    const [from, to] = [this.map.latLngToContainerPoint([north, west]), this.map.latLngToContainerPoint([south, east])];
    return [Math.max(0, from.x), Math.max(0, from.y), Math.min(size.x, to.x), Math.min(size.y, to.y)];
  }
}

/** What of a ground is no water. @param {Ground} one */
function dry(one) {
  return one.properties.land ?? one.geometry;
}

/** @param {Ground["geometry"]} shape */
function rings(shape) {
  return shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat();
}

/** @type {WeakMap<Ground, Box>} */
const extents = new WeakMap();

/** @param {Ground} one @returns {Box} */
function extent(one) {
  const known = extents.get(one);
  if (known) return known;
  const made = boxOf(rings(one.geometry).flat());
  extents.set(one, made);
  return made;
}

/** @param {Label} label @param {L.LatLng | undefined} at */
function plate({ text, css }, at = L.latLng(0, 0)) {
  const icon = L.divIcon({ className: `ground-label ${css}`, iconSize: [0, 0], html: el("span", { lang: "zh-CN" }, text) });
  return L.marker(at, { icon, interactive: false, keyboard: false, pane: "shadowPane" });
}
