/** The colours of measures, by day and by night; told apart without red and green. */

import { onDay } from "./palette.js";

/** @typedef {"gap" | "norm" | "load"} Ramp */

const DAY = ["#fdf0e0", "#fbc890", "#f19a4b", "#cb5a17", "#8a3208"];
const NIGHT = ["#3a2f27", "#6b4630", "#a35f33", "#e08a48", "#ffc08a"];
const AROUND_DAY = ["#2f78b5", "#a9cde6", "#f8dfb8", "#e3913f", "#9a480b"];
const AROUND_NIGHT = ["#6db4ea", "#33597a", "#5d4a34", "#b9702f", "#ffb873"];

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
