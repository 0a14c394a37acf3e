/** What the panel shows of suggested grids: the ways, the alternatives, why each grid changes. */

import { el, icon } from "../dom.js";
import { count } from "../format.js";
import { lang, t } from "../i18n.js";
import { action, ended, homes, verdict } from "./parts.js";
import { leftWith } from "./reckoning.js";
import { changes, merged } from "./suggested.js";

/** @typedef {import("./suggest.js").Suggest} Suggest @typedef {import("./suggest.js").Kind} Kind */
/** @typedef {import("./suggested.js").Change} Change @typedef {import("./suggested.js").Flow} Flow */

/** @type {[Kind, () => string, () => string][]} */
const KINDS = [
  ["rebalance", () => t("调匀现有网格"), () => t("少搬动，让每个网格都在户数范围内")],
  ["divide", () => t("重新划分整个社区"), () => t("按道路和户数从头划")],
  ["blocks", () => t("按街区划"), () => t("每个街区成一个网格")],
];
const MOST = 3;

/** @type {Record<string, () => string>} */
const LEANINGS = { even: () => t("户数最匀"), streets: () => t("多沿道路"), steady: () => t("搬动最少"), compact: () => t("形状最紧凑") };

/** The ways to have grids suggested. @param {Suggest} mode */
export function kinds(mode) {
  const rows = KINDS.map(([kind, title, hint]) => el("li", {}, el("button", { type: "button", class: "choice", "data-kind": kind, onclick: () => kind === "divide" ? mode.askNumber(true) : mode.order(kind) },
    el("span", { class: "choice-name" }, el("b", {}, title()), el("br", {}), el("small", {}, hint())))));
  const over = mode.over();
  return [el("p", { class: "redraw-lead" }, t("算出三种划法供挑选：网格连成片，尽量沿道路，不切楼，少拆党小组，少搬人。"), over ? el("br", {}) : null, over ? t("按方案里已经画好的边界算。") : null),
    lockedNote(mode), el("ul", { class: "choices" }, ...rows)];
}

/** That locked grids stay as they are, and which were locked too late for that; with a button for
 * each that unlocks it. @param {Suggest} mode */
export function lockedNote(mode) {
  const locks = mode.desk.draft.locks.filter(({ grid }) => mode.desk.now.grids.some(({ code }) => code === grid));
  const late = mode.shown ? locks.filter(({ grid }) => mode.touches(grid)) : [];
  const still = locks.filter((one) => !late.includes(one));
  const again = mode.shown ? [" ", t("解锁之后要重新算。")].join("") : "";
  const notes = [
    note(mode, late, (names) => t("{names} 网格后来锁住了，这个划法要改它。可以解锁，或只要别的网格。", { names })),
    note(mode, still, (names) => t("{names} 网格锁着，划法里原样不动。", { names }) + again),
  ].filter(Boolean);
  return notes.length ? el("section", { class: "held-notes", "aria-label": t("锁定网格") }, ...notes) : null;
}

/** @param {Suggest} mode @param {GridLock[]} locks @param {(names: string) => string} told */
function note(mode, locks, told) {
  if (!locks.length) return null;
  const buttons = locks.map(({ id, grid }) => action(t("解锁 {number} 网格", { number: mode.number(grid) }), null, () => mode.unlock(id, grid)));
  return el("div", { class: "held-note" }, icon("lock"),
    el("div", {}, el("p", {}, told(locks.map(({ grid }) => mode.number(grid)).join(t("、")))), el("div", { class: "problem-deeds" }, ...buttons)));
}

/** The divisions to choose from. @param {Suggest} mode */
export function alternatives(mode) {
  const found = mode.job?.alternatives ?? [];
  const rows = found.map(({ leaning, also = [], figures }, index) => el("li", {},
    el("button", { type: "button", class: "choice alternative", "aria-pressed": String(index === mode.index), onclick: () => mode.choose(index) },
      el("span", { class: "choice-name" }, el("b", {}, [leaning, ...also].map((one) => LEANINGS[one]?.() ?? one).join(t("、"))), el("br", {}), el("small", {}, figured(figures))))));
  const few = found.length < MOST ? el("p", { class: "list-told" }, t("没有别的划法。一种划法在几方面都领先的，名字写在一起。")) : null;
  return el("section", {}, el("h2", { class: "ask" }, t("{count} 种划法", { count: found.length })), el("ul", { class: "choices" }, ...rows), few);
}

/** That everything is well as it is. */
export function nothingToDo() {
  return el("p", { class: "all-well" }, icon("check"), el("span", {}, t("现有网格都合适，不用调。")));
}

/** What taking some grids alone would do to the others; on top of all, so that it is seen.
 * @param {Suggest} mode */
export function warned(mode) {
  const { scene } = mode.desk.draft;
  if (!scene || !mode.shown || !mode.wanted.size) return null;
  const { features } = mode.shown.grids;
  const gone = new Set(merged(features, mode.desk.now).map(({ grid }) => grid.code));
  const left = leftWith(scene, mode.desk.now, features, mode.wanted).filter((one) => one.left || !gone.has(one.grid.code));
  return left.length ? el("ul", { class: "warnings left-with", role: "status" }, ...left.map((one) => el("li", {}, icon("alert"), el("span", {}, leftOf(one, scene.band))))) : null;
}

/** What changes, most first, each to be taken by itself. @param {Suggest} mode */
export function changing(mode) {
  const { desk, shown } = mode;
  if (!shown || !desk.draft.scene) return null;
  const { band } = desk.draft.scene;
  const rows = changes(shown.grids.features, desk.now).map((change) => {
    const { code, households } = change.feature.properties;
    const box = el("input", { type: "checkbox", "data-house": `s${change.index}`, onchange: () => mode.toggle(change.index) });
    box.checked = mode.wanted.has(change.index);
    return el("li", {}, el("label", { class: "tick" }, box,
      el("span", {}, code ? t("{number} 网格", { number: mode.number(code) }) : t("新网格"), el("br", {}), el("small", { class: "because" }, because(change, band, mode))),
      el("small", {}, homes(households)), verdict(households, band)));
  });
  const gone = merged(shown.grids.features, desk.now).map(({ grid }) => ended(grid.number, grid.households));
  return el("details", { class: "by-list", open: true }, el("summary", {}, t("改哪些网格，为什么；也可以只要其中几个")), el("ul", { class: "houses suggested" }, ...rows), gone.length ? el("ul", { class: "compares" }, ...gone) : null);
}

/** Why a grid changes. @param {Change} change @param {[number, number]} band @param {Suggest} mode */
export function because({ was, gains, gives, feature }, [low, high], mode) {
  const flow = (/** @type {Flow} */ { code, houses, households }) => ({
    grid: code ? t("{number} 网格", { number: mode.number(code) }) : t("新网格"), houses: count(houses, lang), homes: homes(households),
  });
  const told = [
    was && was.households < low ? t("少 {count} 户", { count: count(low - was.households, lang) }) : "",
    was && was.households > high ? t("多 {count} 户", { count: count(was.households - high, lang) }) : "",
    ...gains.map((one) => one.code === null ? t("划入没有网格的 {houses} 栋（{homes}）", flow(one)) : was || feature.properties.code
      ? t("从 {grid}划入 {houses} 栋（{homes}）", flow(one))
      : t("从 {grid}分出 {houses} 栋（{homes}）", flow(one))),
    ...gives.map((one) => t("划给 {grid} {houses} 栋（{homes}）", flow(one))),
  ].filter(Boolean);
  return told.length ? told.join(t("，")) : t("只有没住户的地换了网格，边界更短更直");
}

/** @param {{grid: import("./standing.js").Grid, left: number}} one @param {[number, number]} band */
function leftOf({ grid, left: many }, [low]) {
  const words = { number: grid.number, homes: homes(many) };
  return many < low ? t("只要这几个的话，{number} 网格剩 {homes}，偏少", words) : t("只要这几个的话，{number} 网格还有 {homes}，偏多", words);
}

/** @param {Record<string, number>} figures */
function figured(figures) {
  const many = (/** @type {number} */ value) => count(value, lang);
  return t("{grids} 个网格，{within} 个合适；{least}–{most} 户；{moved} 户换网格；{cut} 个党小组拆开；{streets}% 沿道路", {
    grids: figures.grids, within: figures.within, least: many(figures.least), most: many(figures.most),
    moved: many(figures.households_moved), cut: figures.groups_cut, streets: Math.round(figures.on_streets * 100),
  });
}
