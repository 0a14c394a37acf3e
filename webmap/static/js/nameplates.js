/** The names of the tiers on the map: where there is room for them, and nowhere else. */

import { el } from "./dom.js";
import { boxOf, heart, holds, labelWidth, shortName, spread, thinned } from "./geometry.js";
import { obstacles } from "./obstacles.js";

const EDGE = 10;

/** @typedef {{name: string, ground: Ground[], type: number, css: string}} Group */
/** @typedef {{key: string, text: string, css: string, width: number, height: number, spots: Iterable<import("./geometry.js").Spot>}} Label */

export class Nameplates {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
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

  /** Where a name may stand, the best first: where it stood, at its label point, beside it, and
   * where its ground is seen at all.
   * @param {Ground} one @param {string} key @param {{width: number, height: number, size: L.Point}} room
   * @returns {Generator<import("./geometry.js").Spot>} */
  *spots(one, key, { width, height, size }) {
    const [lon, lat] = this.middles.get(one) ?? this.middle(one, key);
    const wish = this.map.latLngToContainerPoint([lat, lon]);
    const before = this.stood.get(key);
    const kept = before ? [this.map.latLngToContainerPoint(before)] : [];
    const beside = [-1, 1, -2, 2].map((step) => wish.add([0, step * height * 0.8]));
    const seen = (/** @type {import("./geometry.js").Spot} */ { x, y }) => x > width / 2 && y > height / 2 && x < size.x - width / 2 && y < size.y - height / 2;
    const inside = (/** @type {import("./geometry.js").Spot} */ { x, y }) => {
      const { lng, lat: north } = this.map.containerPointToLatLng([x, y]);
      return holds(one.geometry, [lng, north]);
    };
    const wholly = (/** @type {import("./geometry.js").Spot} */ { x, y }) => [-0.4, 0, 0.4].every((part) => inside({ x: x + part * width, y }));
    for (const spot of [...kept, wish]) if (seen(spot)) yield spot;
    for (const spot of beside) if (seen(spot) && inside(spot)) yield spot;
    const all = spread(this.shown(one, size), wish, key.startsWith("streets") ? 12 : 5).filter(seen);
    yield* all.filter(wholly);
    yield* all.filter(inside);
  }

  /** Where a name stands best; the server's label point may lie in a narrow part of a street.
   * @param {Ground} one @param {string} key @returns {[number, number]} */
  middle(one, key) {
    const at = key.startsWith("streets") ? heart(one.geometry) : null;
    this.middles.set(one, at ?? one.properties.label);
    return at ?? one.properties.label;
  }

  /** The part of its extent that is seen: left, top, right, bottom in pixels.
   * @param {Ground} one @param {L.Point} size @returns {[number, number, number, number]} */
  shown(one, size) {
    const [west, south, east, north] = extent(one);
    const [from, to] = [this.map.latLngToContainerPoint([north, west]), this.map.latLngToContainerPoint([south, east])];
    return [Math.max(0, from.x), Math.max(0, from.y), Math.min(size.x, to.x), Math.min(size.y, to.y)];
  }
}

/** @type {WeakMap<Ground, Box>} */
const extents = new WeakMap();

/** @param {Ground} one @returns {Box} */
function extent(one) {
  const known = extents.get(one);
  if (known) return known;
  const { geometry } = one;
  const rings = geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat();
  const made = boxOf(rings.flat());
  extents.set(one, made);
  return made;
}

/** @param {Label} label @param {L.LatLng | undefined} at */
function plate({ text, css }, at = L.latLng(0, 0)) {
  const icon = L.divIcon({ className: `ground-label ${css}`, iconSize: [0, 0], html: el("span", { lang: "zh-CN" }, text) });
  return L.marker(at, { icon, interactive: false, keyboard: false, pane: "shadowPane" });
}
