/** The colours of measures, by day and by night; told apart without red and green. */

import { onDay } from "./palette.js";

/** @typedef {"gap" | "norm" | "load"} Ramp */

const DAY = ["#fcdca6", "#f6b268", "#e58a38", "#bf5517", "#7d2d07"];
const NIGHT = ["#55391f", "#83512d", "#b26c37", "#e29050", "#ffc794"];
const AROUND_DAY = ["#2f78b5", "#a9cde6", "#f9dba6", "#e3913f", "#9a480b"];
const AROUND_NIGHT = ["#6db4ea", "#33597a", "#69502f", "#b9702f", "#ffb873"];

/** Five colours: of what is missing from much to nothing, around a norm from too little to far too
 * much, of a load from little to much. @param {Ramp} ramp @returns {string[]} */
export function colours(ramp) {
  if (ramp === "norm") return onDay() ? AROUND_DAY : AROUND_NIGHT;
  const few = onDay() ? DAY : NIGHT;
  return ramp === "gap" ? [...few].reverse() : few;
}

/** The class of a value: the first whose bound it is under, else the last.
 * @param {number} value @param {number[]} bounds */
export function classOf(value, bounds) {
  const found = bounds.findIndex((bound) => value < bound);
  return found < 0 ? bounds.length : found;
}
