/** Small reckonings of the panel, without a page: how many grids, which name, what is left of whom. */

import { boxOf, holds } from "../geometry.js";
import { judged, polygons } from "./standing.js";

export const MOST_GRIDS = 200;
const SAME = 3e-6;

/** @typedef {import("./standing.js").Standing} Standing @typedef {import("./standing.js").Grid} Grid */
/** @typedef {GeoJSON.Feature<GeoJSON.MultiPolygon, {code: string | null, households: number}>} Suggested */

/** How many grids the norm asks for, and between how many all can lie in the band.
 * @param {Scene} scene @returns {{all: number, norm: number, least: number, most: number}} */
export function gridsAsked({ buildings, norm, band: [low, high] }) {
  const all = buildings.reduce((sum, { households }) => sum + households, 0);
  const within = (/** @type {number} */ value) => Math.min(MOST_GRIDS, Math.max(1, value));
  return { all, norm: within(Math.round(all / norm)), least: within(Math.ceil(all / high)), most: within(Math.floor(all / low)) };
}

/** A name that is not taken yet. @param {string} wanted @param {string[]} known @param {(n: number) => string} numbered */
export function unlike(wanted, known, numbered) {
  if (!known.includes(wanted)) return wanted;
  let n = 2;
  while (known.includes(numbered(n))) n += 1;
  return numbered(n);
}

/** What all addresses begin with, up to the name of an area. @param {string[]} addresses */
export function common(addresses) {
  if (addresses.length < 2) return "";
  let [same] = addresses;
  for (const one of addresses) while (!one.startsWith(same)) same = same.slice(0, -1);
  return /^.*(?:街道|镇|乡|区|县|社区)/u.exec(same)?.[0] ?? "";
}

/** Whether a suggested grid is another than the one that stands. @param {Suggested} suggested @param {Standing} now */
export function isOther({ geometry, properties: { code, households } }, now) {
  const grid = now.grids.find((one) => one.code === code);
  if (!grid || grid.households !== households) return true;
  const [a, b] = [geometry, grid.shape].map((shape) => boxOf(polygons(shape).flatMap(({ coordinates }) => coordinates[0])));
  return a.some((value, i) => Math.abs(value - b[i]) > SAME);
}

/** The grids that taking these alone would leave with too few or too many, and with how many; by the
 * doors of their buildings. @param {Scene} scene @param {Standing} now @param {Suggested[]} all @param {Set<number>} wanted
 * @returns {{grid: Grid, left: number}[]} */
export function leftWith(scene, now, all, wanted) {
  const taken = [...wanted].map((index) => all[index]);
  const codes = new Set(taken.map(({ properties }) => properties.code));
  /** @type {Map<string, number>} */
  const lost = new Map();
  for (const { id, door, households } of scene.buildings) {
    const home = now.homes.get(id);
    if (!home || codes.has(home) || !taken.some(({ geometry }) => holds(geometry, door))) continue;
    lost.set(home, (lost.get(home) ?? 0) + households);
  }
  const left = now.grids.filter(({ code }) => lost.has(code)).map((grid) => ({ grid, left: grid.households - (lost.get(grid.code) ?? 0) }));
  return left.filter((one) => judged(one.left, scene.band) !== "within");
}
