/** Who gets uncovered ground: a grid beside it, or a grid of its own. */

import { el } from "../dom.js";
import { holds } from "../geometry.js";
import { t } from "../i18n.js";
import { action, called, homes } from "./parts.js";
import { adjoins } from "./standing.js";

/** @typedef {import("./job.js").Job} Job */

/** The other takers, once a place was pointed at. @param {Job} job */
export function otherTakers(job) {
  const { intent, desk } = job;
  if (job.way.name !== "fill" || intent?.op !== "fill" || !intent.spot || job.busy) return null;
  const { spot } = intent;
  const here = desk.now.open.find((shape) => holds(shape, spot));
  if (!here) return null;
  const taken = desk.draft.trial?.handed.map(({ taker }) => taker) ?? [];
  const beside = desk.now.grids.filter(({ code, shape }) => !taken.includes(code) && !desk.painter.locked.has(code) && adjoins(here, shape));
  const base = /** @type {any} */ ({ op: "fill", community: desk.draft.community, spot });
  const offers = beside.map((grid) => action(t("划给 {name}（{homes}）", { name: called(grid), homes: homes(grid.households) }), null, () => job.attempt({ ...base, to: grid.code }), { wide: true }));
  if (!intent.new && !job.refusal) offers.push(action(t("另设一个网格"), "plus", () => job.attempt({ ...base, new: true }), { wide: true, id: "fill-new" }));
  return offers.length ? el("section", { class: "fill-others" }, el("h2", { class: "ask" }, t("或者")), ...offers) : null;
}
