/** What the panel shows of a job: what is asked, what can be chosen, what would become of it. */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { moreFigures } from "./figures.js";
import { otherTakers } from "./filling.js";
import { halvingLines } from "./halving.js";
import { action, called, comparison, cutAnyway, ended, gridChoice, groundOnly, homes, isDoable, mended, newlyCut, refused, rowsOf, thingsCut, warnings } from "./parts.js";
import { unlocking } from "./remedies.js";
import { streetsThrough } from "./snapping.js";

const MOST_STREETS = 6;
const MOST_STRAIGHT = 3;

/** @typedef {import("./job.js").Job} Job */

/** What the panel shows of it. @param {Job} job */
export function body(job) {
  const { scene, trial } = job.desk.draft;
  if (!scene) return [];
  if (job.refusal) return [asked(job), wrong(job, job.refusal), otherTakers(job), ...choices(job)];
  if (trial && job.intent && !job.busy) return [result(job), groundOnly(trial, job.desk.draft.plan), warnings(trial, job.desk.draft.plan, scene), otherTakers(job), figures(job, trial), swap(job)];
  return [asked(job), ...choices(job)];
}

/** What was refused, with every way out as a button. @param {Job} job @param {import("../api.js").Refusal} refusal */
function wrong(job, refusal) {
  const { intent, desk } = job;
  const again = () => void (intent ? job.attempt(intent) : job.render());
  const fail = (/** @type {unknown} */ error) => {
    job.refuse(error);
    job.render();
  };
  const more = unlocking(desk, refusal, again, fail);
  if (!isDoable(refusal) && job.way.draws) more.push({ word: t("重画"), act: () => job.again() });
  return refused(refusal, intent ? (remedy) => job.intent && job.attempt(mended(job.intent, remedy)) : null, desk.now.grids, [], more);
}

/** @param {Job} job @param {DrawnPlan} trial */
function figures(job, trial) {
  const { draft } = job.desk;
  const grids = draft.then().grids.filter(({ code }) => job.parts.includes(code));
  return moreFigures(grids, trial.preview, draft.plan?.preview ?? null);
}

/** @param {Job} job */
function asked(job) {
  const names = job.desk.now.grids.filter(({ code }) => job.picked.includes(code)).map((grid) => `${called(grid)} · ${homes(grid.households)}`);
  const ask = job.busy ? t("正在计算……") : job.picking >= 0 ? job.way.picks[job.picking]() : job.way.streets ? splitAsk(job) : (job.way.ask?.() ?? "");
  return el("div", { class: "asked" },
    names.length ? el("p", { class: "asked-picked" }, t("已选：{names}", { names: names.join(t("、")) })) : null,
    ask ? el("p", { class: "asked-now", role: "status" }, ask) : null);
}

/** @param {Job} job */
function choices(job) {
  const { scene } = job.desk.draft;
  if (!scene || job.busy) return [];
  const { grids } = job.desk.now;
  const beside = job.beside;
  const fitting = beside ?? (job.way.fits ? grids.filter(job.way.fits) : grids);
  if (job.picking >= 0) return [gridChoice(fitting, scene.band, (code) => job.pick(code), job.picked, job.way.least ? "least" : "most")];
  const found = job.way.streets ? grids.find(({ code }) => code === job.picked[0]) : null;
  return [found ? streets(job, found) : null, bends(job), ready(job)];
}

/** The streets through a grid, and straight lines between its buildings: one beside streets, else
 * one a direction. @param {Job} job @param {import("./standing.js").Grid} grid */
function lines({ desk }, grid) {
  const { scene } = desk.draft;
  const houses = (scene?.buildings ?? []).filter(({ id }) => desk.now.homes.get(id) === grid.code);
  const ways = streetsThrough(scene?.roads ?? [], grid.shape, houses).slice(0, MOST_STREETS);
  return { ways, straight: halvingLines(grid.shape, houses, ways.length ? 1 : MOST_STRAIGHT) };
}

/** What the grid offers to be split along, in words. @param {Job} job */
function splitAsk(job) {
  const grid = job.desk.now.grids.find(({ code }) => code === job.picked[0]);
  const { ways, straight } = grid ? lines(job, grid) : { ways: [], straight: [] };
  if (ways.length) return t("从下面选一条路，或在地图上点线的起点和终点（也可以按住拖一条线）。");
  if (straight.length) return t("没有路穿过这个网格。可以选一条楼栋之间的直线，或在地图上点线的起点和终点（也可以按住拖一条线）。");
  return t("没有路穿过这个网格，楼栋之间也没有直线能走。请在地图上点线的起点和终点，要拐弯就勾上下面一项。");
}

/** Lines to split along. @param {Job} job @param {import("./standing.js").Grid} grid */
function streets(job, grid) {
  const { ways, straight } = lines(job, grid);
  const rows = ways.map(({ name, line, sides }) => offered(job, el("span", { class: "choice-name", lang: "zh-CN" }, name || t("无名路")), line, sides));
  for (const { line, sides, angle } of straight) rows.push(offered(job, el("span", { class: "choice-name" }, straight.length > 1 ? heading(angle) : t("楼栋之间的直线")), line, sides));
  return rows.length ? el("section", { class: "streets" }, el("h2", { class: "ask" }, t("沿着一条线拆分")), el("ul", { class: "choices" }, ...rows)) : null;
}

/** A straight line by its direction. @param {number} angle in radians from the east */
function heading(angle) {
  const eighth = Math.round(angle / (Math.PI / 4)) % 4;
  if (eighth === 0) return t("楼栋之间的直线（东西向）");
  return eighth === 2 ? t("楼栋之间的直线（南北向）") : t("楼栋之间的直线（斜着走）");
}

/** @param {Job} job @param {HTMLElement} name @param {[number, number][]} line @param {[number, number]} sides */
function offered(job, name, line, [one, other]) {
  const show = () => job.drawing && job.desk.painter.pen(line);
  return el("li", {}, el("button", { type: "button", class: "choice street", onclick: () => job.follow(line), onpointerenter: show, onfocus: show },
    name, el("span", { class: "choice-figure" }, t("约 {one} 和 {other} 户", { one, other }))));
}

/** @param {Job} job */
function bends(job) {
  if (job.way.draws !== "line") return null;
  const box = el("input", { type: "checkbox", id: "bends", onchange: (/** @type {any} */ { target }) => {
    job.bends = target.checked;
    job.render();
  } });
  box.checked = job.bends;
  return el("label", { class: "tick" }, box, el("span", {}, t("线要拐弯（多点几下，再按“画完了”）")));
}

/** @param {Job} job */
function ready(job) {
  const least = job.way.draws === "area" ? 3 : 2;
  const by = job.way.draws === "area" || job.bends;
  return by && !job.intent && job.points.length >= least ? action(t("画完了"), "check", () => job.finish(), { wide: true, id: "drawn" }) : null;
}

/** @param {Job} job */
function result(job) {
  const { then, now, parts } = { then: job.desk.draft.then(), now: job.desk.now, parts: job.parts };
  const { band } = /** @type {Scene} */ (job.desk.draft.scene);
  const before = new Map(now.grids.map(({ code, households }) => [code, households]));
  const rows = parts.flatMap((code, part) => {
    const grid = then.grids.find((one) => one.code === code);
    return grid ? [comparison(grid, before.get(code) ?? null, band, part)] : [];
  });
  const gone = now.grids.filter(({ code }) => !then.grids.some((one) => one.code === code));
  return el("section", { class: "outcome", role: "status" }, el("h2", { class: "ask" }, t("会变成这样")), rowsOf([...rows, ...gone.map(({ number, households }) => ended(number, households))]));
}

/** Let another part keep the code. @param {Job} job */
function swap(job) {
  if (job.way.name !== "split" || !job.intent) return null;
  const other = job.desk.draft.then().grids.find(({ code }) => code === job.parts[1]);
  if (!other) return null;
  const turn = () => job.intent && job.attempt({ ...job.intent, keep: other.label });
  return action(t("让另一半保留原来的编码"), null, turn, { wide: true, id: "swap" });
}

/** Begin anew, where no button above says so already. @param {Job} job */
function againFor(job) {
  const above = job.refusal && !isDoable(job.refusal) && job.way.draws;
  return above ? null : action(job.way.draws ? t("重画") : t("重选"), null, () => job.again(), { id: "again" });
}

/** The buttons below. @param {Job} job */
export function foot(job) {
  const leave = action(t("取消"), null, () => job.desk.home(), { id: "cancel", keys: "Escape" });
  const ready = job.desk.draft.trial && job.intent && !job.refusal && !job.busy;
  if (!ready) return [leave, job.points.length || job.refusal ? againFor(job) : null];
  const trial = /** @type {DrawnPlan} */ (job.desk.draft.trial);
  const cut = newlyCut(trial, job.desk.draft.plan);
  if (cut.length) return [leave, cutAnyway(t("仍然切开 {things}", { things: thingsCut(cut, trial.preview) }), () => job.accept()), action(job.way.draws ? t("重画，绕开楼栋") : t("重选"), "undo", () => job.again(), { strong: true, id: "again" })];
  return [leave, action(job.way.draws ? t("重画") : t("重选"), null, () => job.again(), { id: "again" }), action(job.way.confirm(), "check", () => job.accept(), { strong: true, id: "accept" })];
}
