/** The colours of the map, by day and by night. Canvas cannot read style sheets. */

import { pictured } from "./basemap.js";

/**
 * @typedef {{
 *   ground: string, water: string, waterText: string, green: string, greenText: string, plaza: string,
 *   road: string, roadEdge: string, roadText: string, building: string, courtyard: string, buildingEdge: string,
 *   hatch: string, text: string, halo: string, tier: string, alarm: string, accent: string,
 *   groups: string[],
 * }} Palette
 */

/** @type {Palette} */
const DAY = {
  ground: "#f2efe8",
  water: "#c6dbe6",
  waterText: "#4c7489",
  green: "#dbe6cd",
  greenText: "#4f6b3a",
  plaza: "#ebe5d6",
  road: "#ffffff",
  roadEdge: "#dcd5c7",
  roadText: "#6a6457",
  building: "#dcd6ca",
  courtyard: "#e9e4d9",
  buildingEdge: "#b9b09d",
  hatch: "#8d8474",
  text: "#3b3831",
  halo: "#fbfaf6",
  tier: "#4a4f9a",
  alarm: "#b8391f",
  accent: "#2f4a8a",
  groups: ["#ebc48c", "#a6d3ee", "#98d6bd", "#efe394", "#a3bfe2", "#edb095", "#deb4cf", "#c3cbb0"],
};

/** @type {Palette} */
const NIGHT = {
  ground: "#1b1c1e",
  water: "#20323e",
  waterText: "#7fa9c0",
  green: "#232c22",
  greenText: "#93b07f",
  plaza: "#26251f",
  road: "#36383c",
  roadEdge: "#121315",
  roadText: "#a5a196",
  building: "#34332f",
  courtyard: "#26262a",
  buildingEdge: "#4d4a43",
  hatch: "#8d8474",
  text: "#d8d5cb",
  halo: "#17181a",
  tier: "#a3a6ee",
  alarm: "#f2906f",
  accent: "#9db4ee",
  groups: ["#7d5d2a", "#2f617f", "#2a6a55", "#7a6f25", "#3b568a", "#84482e", "#74466a", "#565f44"],
};

const dark = matchMedia("(prefers-color-scheme: dark)");
let onPaper = false;

/** The colours to draw with now; over pictures, which stay bright at night, those of the day. */
export function palette() {
  return isNight() && !onPaper ? NIGHT : DAY;
}

/** Paint everything as for paper, or as for the screen again. @param {boolean} on */
export function paintForPaper(on) {
  const before = palette();
  onPaper = on;
  tellPaper();
  if (palette() !== before) for (const listener of listeners) listener();
}

/** Whether the map bears the colours of the day now. */
export function onDay() {
  return !isNight() || onPaper;
}

/** What is made for paper, which has the colours of the day at any hour.
 * @template T @param {() => T} make @returns {T} */
export function forPaper(make) {
  const before = onPaper;
  onPaper = true;
  try {
    return make();
  } finally {
    onPaper = before;
  }
}

function isNight() {
  return dark.matches && !pictured;
}

/** Tells the style sheet in which colours the canvas was painted, which paper must not bear. */
function tellPaper() {
  document.documentElement.dataset.painted = palette() === NIGHT ? "night" : "day";
}

/** @type {Set<() => void>} */
const listeners = new Set([tellPaper]);

dark.addEventListener("change", () => {
  for (const listener of listeners) listener();
});
tellPaper();

/** Call back when day turns into night, or the screen into paper. @param {() => void} listener */
export function onTurn(listener) {
  listeners.add(listener);
}

/**
 * A tile of slanting lines, for what is missing.
 * @param {string} line @param {string} [under] the colour beneath, or none
 */
export function hatching(line, under) {
  const side = 8;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const ink = canvas.getContext("2d");
  if (!ink) return canvas;
  if (under) {
    ink.fillStyle = under;
    ink.fillRect(0, 0, side, side);
  }
  ink.strokeStyle = line;
  ink.lineWidth = 1.4;
  ink.beginPath();
  for (const shift of [-side, 0, side]) {
    ink.moveTo(shift, side);
    ink.lineTo(shift + side, 0);
  }
  ink.stroke();
  return canvas;
}

/** A fill of crossing lines, for where nothing is known.
 * @param {string} colour @param {string} [under] the colour beneath, or none @returns {string} */
export function crossed(colour, under) {
  const canvas = hatching(colour, under);
  const ink = canvas.getContext("2d");
  if (!ink) return colour;
  ink.transform(-1, 0, 0, 1, canvas.width, 0);
  ink.drawImage(hatching(colour), 0, 0);
  return /** @type {any} */ (ink.createPattern(canvas, "repeat")) ?? colour;
}

/** A fill of slanting lines; canvas takes a pattern where Leaflet's types know only colours.
 * @param {string} colour @returns {string} */
export function slanted(colour) {
  const ink = document.createElement("canvas").getContext("2d");
  return /** @type {any} */ (ink?.createPattern(hatching(colour), "repeat")) ?? colour;
}
