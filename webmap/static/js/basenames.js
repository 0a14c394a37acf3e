/** Keeps the names of the base map, which are painted into its tiles, clear of what stands on it. */

import { overlap } from "./geometry.js";
import { obstacles, standing } from "./obstacles.js";
import { page } from "./state.js";

const REST_MS = 120;
const PATIENCE_MS = 2000;

/** @typedef {import("./geometry.js").Rect} Rect */
/** @typedef {{minX: number, minY: number, maxX: number, maxY: number}} Bounds in pixels of the world at the tiles' zoom */

/** The label rule, without the labels that would run under a mark.
 * @template {{symbolizer: any}} T @param {L.Map} map @param {T} rule @returns {T} */
export function clearOfMarks(map, rule) {
  const inner = rule.symbolizer;
  /** @param {{zoom: number}} layout @param {any} shape @param {any} thing */
  const place = (layout, shape, thing) => {
    const labels = /** @type {{bboxes: Bounds[]}[] | undefined} */ (inner.place(layout, shape, thing));
    if (!labels?.length) return labels;
    const marks = marksAt(map, layout.zoom);
    return labels.filter(({ bboxes }) => !bboxes.some((box) => marks.some((mark) => overlap(rectOf(box), mark))));
  };
  return { ...rule, symbolizer: { place } };
}

/** The marks in the world of each zoom, as they stand until the next frame: a tile has hundreds of
 * names, and each look at a mark lays the page out.
 * @type {Map<number, Rect[]>} */
const seen = new Map();

/** @param {L.Map} map @param {number} zoom */
function marksAt(map, zoom) {
  const known = seen.get(zoom);
  if (known) return known;
  if (!seen.size) requestAnimationFrame(() => seen.clear());
  const marks = obstacles(["marks"]).map((mark) => worldly(map, zoom, mark));
  seen.set(zoom, marks);
  return marks;
}

/**
 * Tells other names where those of the base map are, and writes them anew where a mark has come
 * to stand on one.
 * @param {L.Map} map @param {any} layer of protomaps-leaflet
 */
export function keepClear(map, layer) {
  let timer = 0;
  let tried = "";
  const check = () => {
    const names = written(map, layer);
    const hit = obstacles(["marks"]).filter((mark) => names.some((name) => overlap(name, mark)));
    const now = JSON.stringify([map.getZoom(), map.getCenter(), hit]);
    if (!hit.length || now === tried) return;
    tried = now;
    layer.clearLayout();
    layer.rerenderTiles();
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(check, REST_MS);
  };
  standing("base", () => written(map, layer));
  layer.on("load", () => page.drawn());
  page.on("drawn", soon);
}

/** Call back once the tiles that are being drawn stand on the map, or patience ends.
 * @param {L.Map} map @param {() => void} act */
export function onceDrawn(map, act) {
  /** @type {L.GridLayer[]} */
  const waiting = [];
  map.eachLayer((layer) => {
    if (layer instanceof L.GridLayer && layer.isLoading()) waiting.push(layer);
  });
  const drawn = waiting.map((layer) => new Promise((done) => layer.once("load", done)));
  const rested = new Promise((done) => setTimeout(done, PATIENCE_MS));
  Promise.race([Promise.all(drawn), rested]).then(act);
}

/** Where the names of the base map stand, in pixels of the container.
 * @param {L.Map} map @param {any} layer @returns {Rect[]} */
function written(map, layer) {
  const zoom = Math.round(map.getZoom());
  const index = layer.labelers.getIndex(zoom);
  if (!index) return [];
  const scale = map.getZoomScale(map.getZoom(), zoom);
  const view = map.getPixelBounds();
  const [min, max] = [view.min?.divideBy(scale), view.max?.divideBy(scale)];
  if (!min || !max) return [];
  const found = index.searchBbox({ minX: min.x, minY: min.y, maxX: max.x, maxY: max.y }, Infinity);
  return [...found].flatMap(({ bboxes }) => bboxes.map((/** @type {Bounds} */ box) => {
    const { x, y, width, height } = rectOf(box);
    return { x: (x - min.x) * scale, y: (y - min.y) * scale, width: width * scale, height: height * scale };
  }));
}

/** @param {Bounds} box @returns {Rect} */
function rectOf({ minX, minY, maxX, maxY }) {
  return { x: (minX + maxX) / 2, y: (minY + maxY) / 2, width: maxX - minX, height: maxY - minY };
}

/** @param {L.Map} map @param {number} zoom @param {Rect} rect in the container @returns {Rect} in the world */
function worldly(map, zoom, { x, y, width, height }) {
  const scale = map.getZoomScale(map.getZoom(), zoom);
  const at = map.project(map.containerPointToLatLng([x, y]), zoom);
  return { x: at.x, y: at.y, width: width / scale, height: height / scale };
}
