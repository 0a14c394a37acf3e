/** The pieces that the panel is put together from while somebody redraws. */

import { el, icon } from "../dom.js";
import { count } from "../format.js";
import { lang, marked, t } from "../i18n.js";
import { inMapWords, judged, numberOf } from "./standing.js";

/** @typedef {import("./standing.js").Grid} Grid */

/** What households compared with the band are called. @type {Record<string, () => string>} */
const VERDICTS = { above: () => t("偏多"), below: () => t("偏少"), within: () => t("合适") };

/** @param {number} households */
export const homes = (households) => t("{count} 户", { count: count(households, lang) });

/** How a grid is called on this page. @param {Grid} grid */
export function called(grid) {
  return grid.isNew ? t("新网格 {number}", { number: grid.number }) : t("{number} 网格", { number: grid.number });
}

/** A name before a Chinese word: digits at its end stand apart from that. @param {string} name */
export function spaced(name) {
  return lang === "zh" && /[\da-z]$/i.test(name) ? `${name} ` : name;
}

/** @param {number} households @param {[number, number]} band */
export function verdict(households, band) {
  const level = judged(households, band);
  return el("span", { class: `verdict ${level}` }, VERDICTS[level]());
}

/** One grid before and after. @param {Grid} grid @param {number | null} before @param {[number, number]} band @param {number} [part] its colour on the map */
export function comparison(grid, before, band, part = -1) {
  const figure = before === null || before === grid.households
    ? el("span", { class: "compare-figure" }, homes(grid.households))
    : el("span", { class: "compare-figure" }, count(before, lang), " ", el("span", { "aria-label": t("变为") }, "→"), " ", el("b", {}, homes(grid.households)));
  return el("li", { class: "compare" },
    el("span", { class: part >= 0 ? `dot part-${part % 6}` : "dot none", "aria-hidden": "true" }),
    el("span", { class: "compare-name" }, called(grid)),
    figure,
    grid.kind === "basic" ? verdict(grid.households, band) : el("span", { class: "verdict" }, t("专属网格")));
}

/** A grid that is no more. @param {string} number @param {number} before */
export function ended(number, before) {
  return el("li", { class: "compare" }, el("span", { class: "dot none", "aria-hidden": "true" }),
    el("span", { class: "compare-name" }, t("{number} 网格", { number })),
    el("span", { class: "compare-figure" }, homes(before)), el("span", { class: "verdict" }, t("裁撤")));
}

/** @param {(Node | null | false)[]} rows */
export function rowsOf(rows) {
  return el("ul", { class: "compares" }, ...rows);
}

/** @type {Record<"most" | "least" | "number", (a: Grid, b: Grid) => number>} */
const ORDERS = { most: (a, b) => b.households - a.households, least: (a, b) => a.households - b.households, number: (a, b) => (a.named < b.named ? -1 : 1) };

/** @type {Record<keyof typeof ORDERS, () => string>} */
const ORDERED = { most: () => t("户数多的在前"), least: () => t("户数少的在前"), number: () => t("按编号排列") };

/** A list of grids to choose from, and in which order: the busiest first, the least busy, or by number.
 * @param {Grid[]} grids @param {[number, number]} band @param {(code: string) => void} choose @param {string[]} [without] @param {"most" | "least" | "number"} [order] */
export function gridChoice(grids, band, choose, without = [], order = "most") {
  const shown = grids.filter(({ code }) => !without.includes(code)).sort(ORDERS[order]);
  const rows = shown.map((grid) => el("li", {},
    el("button", { type: "button", class: "choice", "data-grid": grid.code, onclick: () => choose(grid.code) },
      el("span", { class: "choice-name" }, called(grid)), el("span", { class: "choice-figure" }, homes(grid.households)),
      grid.kind === "basic" ? verdict(grid.households, band) : null)));
  return el("div", { class: "ordered" }, el("p", { class: "list-order" }, ORDERED[order]()), el("ul", { class: "choices", "aria-label": t("网格") }, ...rows));
}

/** What was refused, and the remedies as buttons that do them; where there is nothing to be done
 * by a button the sentence alone says what would help.
 * @param {import("../api.js").Refusal} refusal @param {((remedy: any) => void) | null} mend @param {Grid[]} grids
 * @param {{id: string, word: string, act: () => void}[]} [firsts] remedies that come before
 * @param {{word: string, act: () => void}[]} [more] those that come after */
export function refused(refusal, mend, grids, firsts = [], more = []) {
  const { remedy = null } = refusal.facts;
  const doable = Boolean(mend) && isDoable(refusal);
  const told = (/** @type {string} */ text) => plainly(text, grids);
  const silent = !mend || doable || firsts.length || more.length;
  return el("div", { class: "refused-box", role: "alert" }, icon("alert"),
    el("div", {}, el("p", {}, ...told(refusal.message)),
      silent || !remedy ? null : el("p", {}, el("small", {}, ...told(remedy.title))),
      el("div", { class: "problem-deeds" },
        ...firsts.map(({ id, word, act }, i) => action(word, null, act, { strong: i === 0, id })),
        ...others(doable ? remedy : null, mend, firsts.length > 0, more))));
}

/** A sentence of the server with its grids called as the map calls them. @param {string} text @param {Grid[]} grids */
export function plainly(text, grids) {
  return marked(inMapWords(text, grids, callIt, [t("新网格"), t("网格|1")]));
}

/** @param {any} remedy @param {((remedy: any) => void) | null} mend @param {boolean} known whether one comes before @param {{word: string, act: () => void}[]} more */
function others(remedy, mend, known, more) {
  const own = remedy && mend ? [action(remedyWord(remedy), null, () => mend(remedy), { strong: !known, id: "remedy" })] : [];
  return [...own, ...more.map(({ word, act }) => action(word, null, act))];
}

/** Whether the server's remedy can be done by a button. @param {import("../api.js").Refusal} refusal */
export function isDoable({ facts: { remedy } }) {
  return Object.keys(remedy?.changes ?? {}).length > 0;
}

/** What a grid is called, one that is no more too. @param {Grid[]} grids @param {string} code */
export function calledBy(grids, code) {
  return callIt(grids.find((grid) => grid.code === code || grid.named === code) ?? null, code);
}

/** @param {Grid | null} grid @param {string} code */
function callIt(grid, code) {
  if (grid) return called(grid);
  return code.includes("+") ? t("新网格") : t("{number} 网格", { number: numberOf(code) });
}

/** @type {Record<string, (remedy: any) => string>} */
const REMEDIES = {
  extend_line: () => t("把线延长到边界"),
  make_n_grids: ({ changes }) => t("分成 {count} 个网格", { count: changes.parts }),
  carve: () => t("单独设成网格"),
  make_new_grid: ({ changes }) => changes.op ? t("单独设成网格") : t("另设一个网格"),
  take_piece_too: () => t("切下的一块也一起划走"),
  leave_piece_out: () => t("去掉够不到的那一块"),
  confirm_retire: () => t("确认裁撤这个网格"),
  fill: () => t("把没划入网格的地划进来"),
  fill_beside: () => t("划给紧挨着的网格"),
  pull_back: () => t("把线往回收一些"),
  stay_inside: () => t("只用线在网格里的一段"),
  close: () => t("裁撤这个网格，地面暂不划入"),
  untangle_area: () => t("采用理顺后的形状"),
  widen: () => t("画宽到三米以上"),
  cut_anyway: ({ title }) => unended(title),
};

/** @param {{kind: string, title: string, changes: any}} remedy */
function remedyWord(remedy) {
  return REMEDIES[remedy.kind]?.(remedy) ?? remedy.title;
}

/** Fields that an intent of each kind has; a remedy may turn one kind into another.
 * @type {Record<string, string[]>} */
const FIELDS = {
  carve: ["area", "kind", "donors", "retire", "pieces"],
  fill: ["community", "to", "new", "area", "spot"],
  close: ["grid"],
};

/** The intent as a remedy would have it. @param {RedrawIntent} intent @param {{changes: Record<string, any>}} remedy @returns {RedrawIntent} */
export function mended(intent, { changes }) {
  const merged = { ...intent, ...changes };
  const fields = FIELDS[merged.op];
  if (merged.op === intent.op || !fields) return merged;
  return /** @type {RedrawIntent} */ (Object.fromEntries(Object.entries(merged).filter(([name]) => name === "op" || fields.includes(name))));
}

/** What deserves a second look before it is done. @param {DrawnPlan} trial @param {DrawnPlan | null} before @param {Scene} scene */
export function warnings(trial, before, scene) {
  const known = new Set(before?.preview.astride);
  const [cut, astride] = [newlyCut(trial, before), trial.preview.astride.filter((one) => !known.has(one))];
  const names = [...new Set(scene.buildings.filter(({ group }) => group !== null && astride.includes(group)).map(({ group_name: name }) => name ?? ""))];
  const told = [
    leftAlone(trial, before, scene),
    cut.length ? t("边界会从 {things}中间穿过", { things: thingsCut(cut, trial.preview) }) : "",
    astride.length ? t("党小组会跨两个网格：{names}", { names: names.join(t("、")) || String(astride.length) }) : "",
  ].filter(Boolean);
  return told.length ? el("ul", { class: "warnings" }, ...told.map((text) => el("li", {}, icon("alert"), el("span", {}, ...marked(text))))) : null;
}

/** How many would be left in no grid by what is tried. @param {DrawnPlan} trial @param {DrawnPlan | null} before @param {Scene} scene */
function leftAlone(trial, before, scene) {
  const nowhere = (/** @type {string | null} */ code) => code === null || code.startsWith("~");
  const known = new Set(before?.preview.buildings.filter(({ after }) => nowhere(after)).map(({ id }) => id));
  const left = new Set(trial.preview.buildings.filter(({ id, after }) => nowhere(after) && !known.has(id)).map(({ id }) => id));
  const houses = scene.buildings.filter(({ id }) => left.has(id));
  if (!houses.length) return "";
  return t("{buildings} 栋楼、{homes}会没有网格，请接着用“填补空白”", { buildings: count(houses.length, lang), homes: homes(houses.reduce((sum, { households }) => sum + households, 0)) });
}

/** The codes of the buildings that what is tried cuts and that were whole before. @param {DrawnPlan} trial @param {DrawnPlan | null} before */
export function newlyCut(trial, before) {
  const known = new Set(before?.preview.cut);
  return trial.preview.cut.filter((code) => !known.has(code));
}

/** What is cut, buildings and courtyards counted apart. @param {string[]} codes @param {RedrawPreview} preview */
export function thingsCut(codes, { courtyards }) {
  const yards = codes.filter((code) => courtyards.includes(code)).length;
  const houses = codes.length - yards;
  return [houses ? t("{count} 栋楼", { count: houses }) : "", yards ? t("{count} 个院落", { count: yards }) : ""].filter(Boolean).join(t("、"));
}

/** A sentence as the word of a button. @param {string} sentence */
export const unended = (sentence) => sentence.replace(/[。.]$/u, "");

/** The button for who wants to cut buildings all the same. @param {string} word @param {() => void} act */
export function cutAnyway(word, act) {
  const button = action(word, "alert", act, { id: "accept" });
  button.classList.add("risky");
  return button;
}

/** That nobody moves, where only ground does. @param {DrawnPlan} trial @param {DrawnPlan | null} before */
export function groundOnly(trial, before) {
  const moved = JSON.stringify(trial.preview.buildings) !== JSON.stringify(before?.preview.buildings ?? []);
  return moved ? null : el("p", { class: "asked-picked" }, t("只有地换了网格，楼栋和住户都不动。"));
}

/** @param {string} text @param {string | null} picture @param {() => void} act @param {{strong?: boolean, id?: string, disabled?: boolean, wide?: boolean, keys?: string}} [how] */
export function action(text, picture, act, { strong = false, id, disabled = false, wide = false, keys } = {}) {
  const css = ["button", strong && "strong", wide && "wide"].filter(Boolean).join(" ");
  return el("button", { type: "button", class: css, id, disabled, "aria-keyshortcuts": keys, onclick: act }, picture ? icon(picture) : null, el("span", {}, text));
}
