/** Where the numbers of grids stand on a map: with their figure where it fits, else alone. Pure. */

import { labelWidth, thinned } from "../geometry.js";

/** @typedef {{x: number, y: number}} Spot */
/** @typedef {{code: string, number: string, figure: string, at: Spot}} Plate in pixels */

const NUMBER_PX = 15;
const FIGURE_PX = 12;

/** The plates that fit, those that come first before the others; one whose figure does not fit
 * loses it. @template {Plate} T @param {T[]} plates @param {import("../geometry.js").Rect[]} [obstacles]
 * @returns {(T & import("../geometry.js").Rect)[]} */
export function fitted(plates, obstacles = []) {
  const whole = thinned(plates.map((plate) => ({ ...plate, ...size(plate), spots: spots(plate.at) })), obstacles);
  const there = new Set(whole.map(({ code }) => code));
  const bare = plates.filter(({ code, figure }) => figure && !there.has(code)).map((plate) => ({ ...plate, figure: "" }));
  const short = thinned(bare.map((plate) => ({ ...plate, ...size(plate), spots: spots(plate.at) })), [...obstacles, ...whole]);
  return [...whole, ...short];
}

/** @param {Plate} plate */
function size({ number, figure }) {
  return { width: Math.max(labelWidth(number, NUMBER_PX), labelWidth(figure, FIGURE_PX)) + 14, height: figure ? 38 : 22 };
}

/** @param {Spot} at */
function spots({ x, y }) {
  return [{ x, y }, { x, y: y - 20 }, { x, y: y + 20 }, { x: x - 26, y }, { x: x + 26, y }];
}
