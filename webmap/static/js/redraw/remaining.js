/** What publishing would leave to be done: grids out of the band, each told once, and new gaps. */

import { t } from "../i18n.js";
import { gaps } from "./effects.js";
import { outOfBand } from "./foreseeing.js";
import { called, spaced } from "./parts.js";

/** @typedef {import("./standing.js").Grid} Grid */

/** Gaps that are told by the grid itself. */
const OF_BAND = new Set(["grid_overloaded", "grid_small"]);

/** @type {Record<"above" | "below", Record<"new" | "now" | "still", (name: string) => string>>} */
const WORDS = {
  above: { new: (name) => t("{name}的户数偏多", { name }), now: (name) => t("{name}变为偏多", { name }), still: (name) => t("{name}仍然偏多", { name }) },
  below: { new: (name) => t("{name}的户数偏少", { name }), now: (name) => t("{name}变为偏少", { name }), still: (name) => t("{name}仍然偏少", { name }) },
};

/** Sentences; `impact` is null until it is known. @param {Grid[]} changed @param {RedrawImpact | null} impact @param {[number, number]} band */
export function remaining(changed, impact, band) {
  const told = outOfBand(changed, band).map(({ grid, level, since }) => WORDS[level][since](spaced(called(grid))));
  const rest = impact && { ...impact, opened: impact.opened.filter(({ kind }) => !OF_BAND.has(kind)) };
  return [...told, ...gaps(rest, "opened")];
}
