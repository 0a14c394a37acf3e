/** What a suggestion changes and why, grid by grid. Pure: no page. */

import { holds } from "../geometry.js";
import { isOther } from "./reckoning.js";

/** @typedef {import("./standing.js").Standing} Standing @typedef {import("./standing.js").Grid} Grid */
/** @typedef {{code: string | null, houses: number, households: number}} Flow where houses come from, or go to */
/** @typedef {GeoJSON.Feature<GeoJSON.MultiPolygon, {code: string | null, households: number, taken: Flow[]}>} Suggested */
/** @typedef {{index: number, feature: Suggested, was: Grid | null, gains: Flow[], gives: Flow[], moved: number}} Change */

/** What becomes another, what changes most first. @param {Suggested[]} all @param {Standing} now @returns {Change[]} */
export function changes(all, now) {
  const found = all.flatMap((feature, index) => {
    const { code, taken = [] } = feature.properties;
    const gives = code === null ? [] : givenBy(code, all, index);
    if (!taken.length && !gives.length && !isOther(feature, now)) return [];
    const moved = [...taken, ...gives].reduce((sum, { households }) => sum + households, 0);
    return [{ index, feature, was: now.grids.find((one) => one.code === code) ?? null, gains: taken, gives, moved }];
  });
  return found.sort((a, b) => b.moved - a.moved || a.index - b.index);
}

/** To whom a grid gives houses. @param {string} code @param {Suggested[]} all @param {number} own */
function givenBy(code, all, own) {
  return all.flatMap(({ properties }, index) => {
    const share = index === own ? null : (properties.taken ?? []).find((one) => one.code === code);
    return share ? [{ ...share, code: properties.code }] : [];
  });
}

/** The grids that a suggestion leaves out and that stay as they are: locked ones and the like.
 * @param {Suggested[]} all @param {Standing} now @returns {Grid[]} */
export function staying(all, now) {
  const known = new Set(all.map(({ properties }) => properties.code));
  return now.grids.filter(({ code, label }) => !known.has(code) && !all.some(({ geometry }) => holds(geometry, label)));
}

/** The grids that are no more, each with what it gave to whom. @param {Suggested[]} all @param {Standing} now
 * @returns {{grid: Grid, gives: Flow[]}[]} */
export function merged(all, now) {
  const known = new Set([...all.map(({ properties }) => properties.code), ...staying(all, now).map(({ code }) => code)]);
  return now.grids.filter(({ code }) => !known.has(code)).map((grid) => ({ grid, gives: givenBy(grid.code, all, -1) }));
}
