/** What changed on a day, in words: by which plan and whom, and which grid became which. */

import { el, icon } from "../dom.js";
import { count, day as written } from "../format.js";
import { lang, marked, said, t, timeZone } from "../i18n.js";
import { numberOf } from "../redraw/standing.js";

/** @typedef {{look: (shapes: (GeoJSON.Polygon | GeoJSON.MultiPolygon)[]) => void}} Reader */

/** The chosen day, and the last one on which something changed where that is another.
 * @param {string} day @param {string} last @returns {(Node | string)[]} */
export function headline(day, last) {
  const head = el("b", {}, dated(day));
  return day === last ? [head] : [head, " ", el("small", {}, t("最近一次变化：{day}", { day: dated(last) }))];
}

/** @param {HistoryDay | null} day @param {Reader} [reader] @returns {Node[]} */
export function changesOf(day, reader) {
  if (!day || !reader) return [el("p", { class: "empty" }, t("还没有划过网格。"))];
  const cards = day.items.map((one) => changeOf(one, reader));
  const title = t("{day} 改了什么", { day: dated(day.day) });
  return [el("div", { class: "time-list" }, el("h2", {}, title), el("ol", { class: "time-changes" }, ...cards))];
}

/** @param {HistoryChange} one @param {Reader} reader */
function changeOf(one, reader) {
  const shapes = one.grids.flatMap(({ was, now }) => [was, now].filter((shape) => shape !== null));
  return el("li", { class: "card time-change" },
    el("p", { class: "time-name" }, ...named(one)),
    undone(one),
    el("p", { class: "hint" }, ...byWhom(one)),
    one.load ? null : grids(one),
    shapes.length ? el("button", { type: "button", class: "button quiet", onclick: () => reader.look(shapes) }, icon("pin"), t("在地图上看")) : null);
}

/** @param {HistoryChange} one */
function named({ plan, load, count: many }) {
  if (plan) return [el("a", { href: `/redraws/${plan.public_id}` }, said(plan.name))];
  return [load ? t("导入边界：{count} 个网格", { count: count(many, lang) }) : t("网格调整：{count} 个网格", { count: count(many, lang) })];
}

/** @param {HistoryChange} one */
function undone({ plan }) {
  if (!plan?.undoes) return null;
  return el("p", { class: "hint" }, t("撤回的方案："), el("a", { href: `/redraws/${plan.undoes.public_id}` }, said(plan.undoes.name)));
}

/** @param {HistoryChange} one @returns {(Node | string | null)[]} */
function byWhom({ at, plan, communities }) {
  const where = communities.length > 3 ? [t("{count} 个社区", { count: communities.length })] : communities.flatMap(({ name }, i) => [i ? t("、") : "", said(name)]);
  const people = plan ? [" · ", ...marked(t("{author} 起草，{by} 发布", { author: plan.author, by: plan.by }))] : [];
  return [hour(at), " · ", ...where, ...people];
}

/** @type {Record<string, () => string>} */
const HOW = { new: () => t("新设"), restored: () => t("恢复"), retired: () => t("裁撤"), changed: () => t("边界变了") };

/** Which grid gave what to which; and those that got ground from no grid.
 * @param {HistoryChange} one */
function grids({ handed, grids: turned, seen }) {
  const told = new Set(handed.flatMap(({ giver, taker }) => [giver, taker]));
  const how = new Map(turned.map((grid) => [grid.code, grid.how]));
  const pairs = handed.map(({ giver, taker, area_share: area, household_share: homes }) => el("li", {},
    called(giver, how, seen), el("span", { "aria-label": t("划给") }, "→"), called(taker, how, seen),
    el("small", {}, t("地 {area}，户 {homes}", { area: percent(area), homes: percent(homes) }))));
  const rest = turned.filter(({ code }) => !told.has(code)).map(({ code, how: way }) => el("li", {}, called(code, new Map(), seen), el("small", {}, HOW[way]())));
  return el("ul", { class: "time-grids" }, ...pairs, ...rest);
}

/** @param {string} code @param {Map<string, string>} how @param {boolean} seen whether its page may be read */
function called(code, how, seen) {
  const name = t("{number} 网格", { number: numberOf(code) });
  const way = how.get(code);
  const badge = way && way !== "changed" ? el("span", { class: `badge ${way === "retired" ? "alarm" : "good"}` }, HOW[way]()) : null;
  return el("span", {}, seen ? el("a", { href: `/grids/${code}`, title: code }, name) : name, badge ? " " : "", badge);
}

/** @param {number} share */
const percent = (share) => new Intl.NumberFormat(lang, { style: "percent", maximumFractionDigits: 0 }).format(share);

/** @param {string} day */
const dated = (day) => written(`${day}T12:00:00Z`, { lang, timeZone });

/** @param {string} iso */
const hour = (iso) => new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(iso));
