/** Which buildings stand between some and others. Pure. */

import { flatness } from "./snapping.js";

/** How much dearer it is to go through another grid. */
const OTHER_GRID = 9;

/**
 * The buildings on the ways from some to others. Steps cost their length squared, so that a way
 * goes from neighbour to neighbour and passes over none; other grids than their own are dear.
 * @param {SceneHouse[]} apart @param {SceneHouse[]} movable @param {SceneHouse[]} there @param {(house: SceneHouse) => string | null} homeOf
 * @returns {string[]} codes
 */
export function between(apart, movable, there, homeOf) {
  const flat = flatness(apart[0].door);
  const own = new Set(apart.map(homeOf));
  const square = (/** @type {SceneHouse} */ { door: a }, /** @type {SceneHouse} */ { door: b }) => ((a[0] - b[0]) * flat) ** 2 + (a[1] - b[1]) ** 2;
  const from = movable.filter((house) => !there.includes(house));
  const dear = from.map((house) => (own.has(homeOf(house)) ? 1 : OTHER_GRID));
  const cost = from.map((house, i) => dear[i] * Math.min(...there.map((one) => square(house, one))));
  const before = from.map(() => -1);
  const open = new Set(from.keys());
  while (open.size) {
    const near = [...open].reduce((a, b) => (cost[b] < cost[a] ? b : a));
    open.delete(near);
    for (const i of open) {
      const wanted = cost[near] + dear[i] * square(from[near], from[i]);
      if (wanted < cost[i]) [cost[i], before[i]] = [wanted, near];
    }
  }
  const met = new Set();
  for (const house of apart) for (let i = before[from.indexOf(house)] ?? -1; i >= 0; i = before[i]) met.add(i);
  return [...met].map((i) => from[i]).filter((house) => !apart.includes(house)).map(({ code }) => code);
}
