/** The colours of redrawing, by day and by night; told apart by those who see fewer colours. */

import { onTurn } from "../palette.js";

const dark = matchMedia("(prefers-color-scheme: dark)");

const DAY = {
  below: "#2b7bba", within: "#8a8f98", above: "#c8550a", open: "#b8391f", line: "#4a4f9a", ghost: "#6d6a63",
  houseEdge: "#9b927f", chosen: "#7a2f8f", parts: ["#0b7d72", "#a2418f", "#5b7a1c", "#3f4c5c", "#8a6d00", "#8a5a44"], pen: "#7a2f8f",
};
const NIGHT = {
  below: "#6fb4ea", within: "#8d929c", above: "#f0944c", open: "#f2906f", line: "#a3a6ee", ghost: "#a39f95",
  houseEdge: "#6d695f", chosen: "#d79be8", parts: ["#4cc9ba", "#e295d2", "#a8cf5a", "#c3cfdc", "#e0c35a", "#d3a58c"], pen: "#d79be8",
};

/** The colours to draw with now. */
export function colours() {
  return dark.matches ? NIGHT : DAY;
}

export { onTurn };
