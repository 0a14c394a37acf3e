/** The facts of an issue, a grid or a place, as elements. */

import { freshBadge, opened } from "./arrivals.js";
import { contactSection } from "./contact.js";
import { issuesHere, kinOf, redrawHere } from "./deeds.js";
import { answersSection, deskPairs, nextSteps, photosSection, plainly, saidWith } from "./desk-facts.js";
import { el, icon } from "./dom.js";
import { count, day, distance, moment } from "./format.js";
import { lang, said, t, timeZone, woven } from "./i18n.js";
import { showNotice } from "./notice.js";
import { returnedSection, waitsForRuling } from "./returned.js";
import * as words from "./words.js";

/** @typedef {(selection: import("./state.js").Selection) => void} Open */

const when = (/** @type {string | null | undefined} */ iso) => moment(iso, { lang, timeZone, now: new Date() });

/**
 * @param {IssueFacts} issue @param {Open} open
 * @param {HTMLElement | null} [ruling] the form that settles its ground, where it stands on this page
 */
export function issueFacts(issue, open, ruling = null) {
  const head = headFacts(issue);
  opened(issue);
  return el("div", { class: "facts" },
    head,
    ...(waitsForRuling(issue) ? [returnedSection(issue, ruling ? null : nextSteps(issue, false)), ruling, ruling && nextSteps(issue, true)] : [ruling, nextSteps(issue, Boolean(ruling))]),
    photosSection(issue),
    ...details(issue, open),
    history(issue));
}

/** What it is and how far. @param {IssueFacts} issue */
export function headFacts(issue) {
  return el("section", {},
    el("h2", { tabindex: -1 }, issue.category_name),
    badges(issue, issue.fresh),
    el("p", { class: "said" }, said(issue.text) || t("没有写明内容")),
    isElsewhere(issue) ? el("p", { class: "hint" }, t("这件事不在你管的范围：这里是人人都能看到的内容。")) : null);
}

/** All that is known of it besides. @param {IssueFacts} issue @param {Open} open @returns {HTMLElement[]} */
export function details(issue, open) {
  const told = [
    answersSection(issue),
    section(t("在哪里"), pairs([
      [t("地址"), issue.address],
      [t("定位"), foundBy(issue)],
      [t("所属社区"), issue.community?.name],
    ])),
    maybe(issue, open),
    section(t("归谁管"), pairs([...responsible(issue, open), ...deskPairs(issue)])),
    waitsForRuling(issue) ? null : section(t("归属依据"), el("div", {}, pairs(evidence(issue)), works() && !isElsewhere(issue) ? certificate(issue) : null)),
    isElsewhere(issue) ? null : contactSection(issue.id),
    section(t("时间"), pairs([
      [t("反映时间"), when(issue.reported_at)],
      [t("办理期限"), issue.due_at ? when(issue.due_at) : null],
      [t("来源"), words.channel(issue.channel)],
      [t("工单编号"), issue.ticket ? code(issue.ticket) : null],
    ])),
  ];
  return told.filter((one) => one !== null);
}

/** @param {IssueFacts} issue @param {boolean | undefined} fresh */
function badges({ status, overdue, level }, fresh) {
  const ended = words.ended(status);
  return el("div", { class: "badges" },
    fresh && freshBadge(),
    el("span", { class: ended ? "badge good" : "badge" }, words.status(status)),
    overdue && !ended && el("span", { class: "badge alarm" }, t("已超期")),
    level !== "grid" && !ended && el("span", { class: "badge alarm" }, t("已上升到{level}", { level: words.level(level) })));
}

/** Whether it lies outside the ground of whoever reads, who is told what everybody is. @param {IssueFacts} issue */
export function isElsewhere({ workers }) {
  return works() && workers === null;
}

/** Whether who reads is of the desk. */
function works() {
  return "signedIn" in document.documentElement.dataset;
}

/** @param {IssueFacts} issue */
function history(issue) {
  return issue.events.length ? section(t("办理经过"), timeline(issue)) : null;
}

/** @param {IssueFacts} issue */
export function certificate(issue) {
  return el("p", { class: "proof" }, el("a", { href: `/issues/${encodeURIComponent(issue.id)}/certificate` }, t("归属证明（可打印）")));
}

/** @param {IssueFacts} issue */
function foundBy({ located, precision }) {
  return located?.reason === "coordinates" ? t("来文里的坐标") : words.precision(precision);
}

/** The places that the address may mean, where none is sure. @param {IssueFacts} issue @param {Open} open */
function maybe({ lon, candidates }, open) {
  if (lon !== null || !candidates?.length) return null;
  const items = candidates.map((match) => el("li", {}, link(match.label, () => open({ kind: "place", id: positionOf(match) }))));
  return section(t("可能的地点"), el("ul", { class: "maybe" }, ...items));
}

/** A position as the address of the page holds it. @param {{lon: number, lat: number}} place */
export function positionOf({ lon, lat }) {
  return `${lon.toFixed(7)},${lat.toFixed(7)}`;
}

/** @param {IssueFacts} issue @param {Open} open @returns {[string, any][]} */
function responsible(issue, open) {
  const grid = issue.grid;
  return [
    [t("所属网格"), grid ? link(grid.name, () => open({ kind: "grid", id: grid.code })) : t("还没有归到网格")],
    [t("网格编码"), grid ? code(grid.code) : null],
    [workersWord(issue.workers), people(issue.workers) || (grid && issue.workers && t("暂时没有网格员"))],
    [t("党小组|1"), issue.party_group?.name],
  ];
}

/** @param {IssueFacts} issue @returns {[string, any][]} */
export function evidence(issue) {
  const near = issue.runner_up;
  const passed = issue.rule === "passed";
  return [
    [t("规则"), issue.lon === null ? t("位置不明确，列入未定位清单") : words.rule(issue.rule)],
    [t("离界线"), issue.border_m === null || issue.border_m === undefined ? null : distance(issue.border_m, lang)],
    [t("原来的网格"), passed && near ? said(near.name) : null],
    [t("也可能归"), near && !passed ? woven(t("{name}，相距 {distance}", { distance: distance(near.distance_m, lang) }), { name: said(near.name) }) : null],
    [t("边界起用"), issue.boundary ? day(issue.boundary.valid_from, { lang, timeZone }) : null],
  ];
}

/** @param {IssueFacts} issue @param {(event: IssueEvent) => Node | null} [beside] what only the reader is told of a step */
export function timeline({ events }, beside) {
  const items = events.map((event) => el("li", {},
    el("time", { datetime: event.at }, when(event.at)),
    words.event(event.kind, event.status),
    plainly(event),
    saidWith(event),
    event.note ? el("p", { class: "said" }, said(event.note)) : null,
    beside?.(event) ?? null));
  return el("ol", { class: "timeline" }, ...items);
}

/** @param {GridFacts} grid */
export function gridFacts(grid) {
  return el("div", { class: "facts" },
    el("section", {},
      el("div", { class: "badges" }, el("span", { class: "badge" }, words.kind(grid.kind))),
      el("h2", { tabindex: -1 }, said(grid.name)),
      code(grid.code),
      issuesHere("grid", grid.code),
      redrawHere(grid.code),
      kinOf(grid.code)),
    gridSection(grid));
}

/** @param {GridFacts} grid */
function gridSection(grid) {
  return section(t("网格情况"), pairs([
    [t("户数"), t("{count} 户", { count: count(grid.households, lang) })],
    [t("居民"), t("{count} 人", { count: count(grid.residents, lang) })],
    [workersWord(grid.workers), people(grid.workers) || t("暂时没有网格员")],
    [grid.groups.length === 1 ? t("党小组|1") : t("党小组"), namesOf(grid.groups) ?? t("还没有党小组")],
    [t("未办结诉求"), t("{count} 件", { count: count(grid.open_issues, lang) })],
    [t("边界起用"), grid.valid_from ? day(grid.valid_from, { lang, timeZone }) : null],
  ]));
}

/** @param {PlaceFacts} place @param {Open} open */
export function placeFacts(place, open) {
  const { building, community, street } = place;
  const grid = place.rule === "near" ? null : place.grid;
  return el("div", { class: "facts" },
    building ? buildingSection(building) : el("section", {}, el("h2", { tabindex: -1 }, said(grid?.name) ?? t("不在任何网格里的地面"))),
    grid ? null : gap(place, open),
    section(t("所在"), pairs([
      [t("所属街道"), street?.name],
      [t("所属社区"), community?.name],
      [t("所属网格"), !grid ? t("没有网格覆盖这里") : building && link(grid.name, () => open({ kind: "grid", id: grid.code }))],
      [t("网格编码"), grid ? code(grid.code) : null],
    ])),
    grid ? gridSection(grid) : null);
}

/** That no grid holds the place, and which is the nearest. @param {PlaceFacts} place @param {Open} open */
function gap({ grid, border_m: away }, open) {
  if (!grid) return el("p", { class: "gap" }, el("span", {}, t("不在任何网格内。")));
  const name = link(grid.name, () => open({ kind: "grid", id: grid.code }));
  const told = away === null ? t("不在任何网格内；最近的是 {name}") : t("不在任何网格内；最近的是 {name}（约 {distance}）", { distance: distance(away, lang) });
  return el("p", { class: "gap" }, el("span", {}, ...woven(told, { name })));
}

/** @param {BuildingFacts} building */
function buildingSection(building) {
  const group = building.party_group;
  return el("section", {},
    el("div", { class: "badges" },
      el("span", { class: "badge" }, words.kind(building.kind)),
      !group && el("span", { class: "badge alarm" }, t("没有党小组"))),
    el("h2", { tabindex: -1 }, said(building.name || building.address) ?? t("楼栋|1")),
    pairs([
      [t("地址"), building.name ? building.address : null],
      [t("户数"), t("{count} 户", { count: count(building.households, lang) })],
      [t("居民"), t("{count} 人", { count: count(building.residents, lang) })],
      [t("党小组|1"), group?.name],
      [t("组长"), group?.secretary],
      [t("党员"), group?.member_count ? t("{count} 人", { count: count(group.member_count, lang) }) : null],
      [t("楼栋编码"), building.code ? code(building.code) : null],
    ]));
}

/** @param {string} title @param {Node} body */
export function section(title, body) {
  return el("section", {}, el("h3", {}, title), body);
}

/** Terms with their values; what has none is left out. @param {[string, any][]} rows */
export function pairs(rows) {
  const told = rows.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return el("dl", { class: "pairs" }, ...told.flatMap(([term, value]) => [el("dt", {}, term), el("dd", {}, ...[value].flat().map((part) => (typeof part === "string" ? said(part) : part)))]));
}

/** @param {string} text @param {() => void} go */
export function link(text, go) {
  return el("button", { type: "button", class: "link", onclick: go }, said(text));
}

/** A code that one click copies. @param {string} text */
export function code(text) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      showNotice(t("已复制 {text}", { text }));
    } catch {
      showNotice(t("浏览器没有允许复制，请手动选取。"));
    }
  };
  return el("button", { type: "button", class: "copy", title: t("复制"), onclick: copy }, text, icon("copy"));
}

/** What workers are called, whether one or several. @param {unknown[] | null} workers */
export const workersWord = (workers) => (workers?.length === 1 ? t("网格员|1") : t("网格员"));

/** @param {{name: string, duty: string}[] | null} workers none are told to the public @returns {(string | Node)[] | null} */
export function people(workers) {
  const told = (workers ?? []).flatMap(({ name, duty }, i) => [
    i ? t("、") : "",
    ...(duty ? woven(t("{name}（{duty}）", { duty: words.duty(duty) }), { name: said(name) }) : [said(name) ?? ""]),
  ]);
  return told.length ? told : null;
}

/** @param {{name: string}[]} all @returns {(string | Node)[] | null} */
function namesOf(all) {
  return people(all.map(({ name }) => ({ name, duty: "" })));
}

/** Grey lines where facts will stand. */
export function waiting() {
  const lines = [1, 2, 3].map(() => el("p", { class: "skeleton line", "aria-hidden": "true" }));
  return el("div", { class: "facts", "aria-busy": "true" }, el("p", { class: "unseen" }, t("正在取……")), ...lines);
}

/** @param {string} text @param {() => void} again */
export function failed(text, again) {
  return el("div", { class: "facts" }, el("p", { role: "alert" }, text), link(t("再试一次"), again));
}
