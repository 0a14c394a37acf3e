/**
 * What a map will show, reckoned before there is one: as Leaflet does it, so that what is asked for
 * early is what is asked for. Pure. Sizes in pixels.
 */

import { grown, stepped } from "./geometry.js";

/** @typedef {{x: number, y: number}} Size */
/** @typedef {{lat: number, lon: number, zoom: number}} View */

const TILE = 256;
const [LEAST, MOST, SNAP] = [11, 19, 0.25];
const [EDGE, LEGEND] = [8, 276];
const [ROOM, STEP] = [0.2, 8];

/** From which zoom grids are drawn. */
export const GRIDS_FROM = 13.5;
/** How much of the map a sheet lies on at its middle stop. */
export const HALF_SHARE = 0.52;

/** What is asked for around a view: the same for views that are near each other.
 * @param {Box} box @param {number} zoom @returns {Box} */
export function around(box, zoom) {
  return stepped(grown(box, ROOM), 2 ** (STEP - Math.floor(zoom)));
}

/** How much is left free around the whole district: left and top, right and bottom.
 * @param {boolean} roomy whether the legend lies beside it @param {number} covered by a sheet
 * @returns {[[number, number], [number, number]]} */
export function room(roomy, covered) {
  return [[EDGE, EDGE], [roomy ? LEGEND : EDGE, covered + EDGE]];
}

/** The view that shows a box wholly, as near as that can be.
 * @param {Box} box @param {Size} size @param {[[number, number], [number, number]]} free @returns {View} */
export function fitting([west, south, east, north], { x, y }, [[left, top], [right, bottom]]) {
  const [from, to] = [flat(west, north, 0), flat(east, south, 0)];
  const scale = Math.min((x - left - right) / (to.x - from.x), (y - top - bottom) / (to.y - from.y));
  const zoom = Math.max(LEAST, Math.min(MOST, Math.floor((Math.round(Math.log2(scale) / (SNAP / 100)) * (SNAP / 100)) / SNAP) * SNAP));
  const grow = 2 ** zoom;
  const middle = { x: ((from.x + to.x) / 2) * grow + (right - left) / 2, y: ((from.y + to.y) / 2) * grow + (bottom - top) / 2 };
  return { ...round(middle, zoom), zoom };
}

/** The box that a view shows. @param {View} view @param {Size} size @returns {Box} */
export function boxOfView({ lat, lon, zoom }, { x, y }) {
  const middle = flat(lon, lat, zoom);
  const [left, top] = [Math.round(middle.x - x / 2), Math.round(middle.y - y / 2)];
  const [from, to] = [round({ x: left, y: top + y }, zoom), round({ x: left + x, y: top }, zoom)];
  return [from.lon, from.lat, to.lon, to.lat];
}

/** The tiles that are drawn for a view: each holds what four on the screen show.
 * @param {View} view @param {Size} size @param {number} largest the largest zoom that there are tiles of */
export function tilesOf({ lat, lon, zoom }, { x, y }, largest) {
  const shown = Math.round(zoom);
  const z = Math.min(shown - 1, largest);
  const side = TILE * 2 ** (shown - z);
  const half = 2 ** (shown - zoom) / 2;
  const middle = flat(lon, lat, shown);
  const [across, down] = [[Math.floor(middle.x), x * half], [Math.floor(middle.y), y * half]].map(([at, wide]) => {
    const [first, last] = [Math.floor((at - wide) / TILE) * TILE, Math.ceil((at + wide) / TILE) * TILE - 1];
    return span(Math.floor(first / side), Math.floor(last / side));
  });
  return down.flatMap((row) => across.map((column) => ({ z, x: column, y: row })));
}

/** @param {number} from @param {number} to */
function span(from, to) {
  return Array.from({ length: to - from + 1 }, (_none, i) => from + i);
}

/** A position on the flat world of a zoom. @param {number} lon @param {number} lat @param {number} zoom @returns {Size} */
function flat(lon, lat, zoom) {
  const whole = TILE * 2 ** zoom;
  const sine = Math.sin((lat * Math.PI) / 180);
  return { x: whole * (lon / 360 + 0.5), y: whole * (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) };
}

/** Back from there. @param {Size} at @param {number} zoom */
function round({ x, y }, zoom) {
  const whole = TILE * 2 ** zoom;
  const lat = (2 * Math.atan(Math.exp(2 * Math.PI * (0.5 - y / whole))) - Math.PI / 2) * (180 / Math.PI);
  return { lat, lon: (x / whole - 0.5) * 360 };
}
