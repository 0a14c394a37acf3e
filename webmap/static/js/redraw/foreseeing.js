/** What a plan leaves out of the band, whose work it changes, and which other plans it meets. Pure. */

import { judged } from "./standing.js";

/** @typedef {import("./standing.js").Grid} Grid @typedef {RedrawImpact["workers"][number]} Post */

/** States of a plan that waits to be published. */
const UNDER_WAY = new Set(["submitted", "approved", "scheduled"]);

/** The grids that a plan leaves out of the band: new ones, those that come to stand so, and those
 * that stay so. @param {Grid[]} changed @param {[number, number]} band
 * @returns {{grid: Grid, level: "above" | "below", since: "new" | "now" | "still"}[]} */
export function outOfBand(changed, band) {
  return changed.filter(({ kind }) => kind === "basic").flatMap((grid) => {
    const level = judged(grid.households, band);
    return level === "within" ? [] : [{ grid, level, since: sinceWhen(grid.was, level, band) }];
  });
}

/** @param {number | null} was @param {string} level @param {[number, number]} band */
function sinceWhen(was, level, band) {
  if (was === null) return "new";
  return judged(was, band) === level ? "still" : "now";
}

/** The posts of each grid, in the order of grids. @param {Post[]} workers @returns {Post[][]} */
export function byGrid(workers) {
  /** @type {Map<string, Post[]>} */
  const found = new Map();
  for (const one of workers) found.set(one.grid, [...(found.get(one.grid) ?? []), one]);
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, all]) => all);
}

/** The plans under way beside the one that is drawn, with the grids that both change; the more
 * grids the sooner. @param {RedrawPlan[]} plans @param {DrawnPlan | null} mine */
export function beside(plans, mine) {
  const own = new Set([...Object.keys(mine?.preview.before ?? {}), ...(mine?.preview.retired ?? [])]);
  const found = plans.filter(({ state, public_id: id }) => UNDER_WAY.has(state) && id !== mine?.public_id);
  const met = found.map((plan) => ({ plan, shared: plan.touches.filter((code) => own.has(code)) }));
  return met.sort((a, b) => b.shared.length - a.shared.length);
}
