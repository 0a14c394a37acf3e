/** The list beside the map: the issues of the present view, page by page. */

import { newest, sentence } from "../api.js";
import { byId, el, fill, icon } from "../dom.js";
import { count, relative } from "../format.js";
import { written } from "../geometry.js";
import { lang, said, t } from "../i18n.js";
import { isOnPaper } from "../paper.js";
import { writeFilter } from "../narrowing.js";
import { page, wanted } from "../state.js";
import * as words from "../words.js";

const PAGE = 30;
const REST_MS = 250;
const NEARING_MS = 150;

/** @param {L.Map} map @param {{url: string}} settings */
export default function start(map, { url }) {
  const list = new IssueList(map, url);
  page.on("filter", () => list.restart());
  page.on("data", () => list.restart());
  page.on("light", () => list.light());
  page.on("select", () => list.soon());
  page.on("drawn", () => list.tell());
  map.on("moveend", () => list.soon());
  byId("more").addEventListener("click", () => list.load());
  list.restart();
  exportable();
}

/** @param {string} code */
export function categoryName(code) {
  const options = document.querySelectorAll("#category option");
  const found = [...options].find((option) => /** @type {HTMLOptionElement} */ (option).value === code);
  return found?.textContent ?? code;
}

/** One issue as a row, a button that opens it. @param {Issue} issue @param {() => void} open */
function issueRow(issue, open) {
  const ended = words.ended(issue.status);
  const mood = ended ? "closed" : issue.overdue ? "overdue" : "";
  const where = issue.grid?.name ?? issue.community?.name ?? t("未定位");
  const when = relative(new Date(issue.reported_at), new Date(), lang);
  return el("button", { type: "button", class: "issue-row", onclick: open },
    el("span", { class: `issue-glyph ${mood}`, title: issue.category_name }, icon(issue.category)),
    el("span", {},
      el("span", { class: "issue-text" }, said(issue.text) || t("没有写明内容")),
      el("span", { class: "issue-meta" },
        el("span", {}, said(where)),
        el("span", {}, when),
        due(issue, ended),
        !ended && issue.level !== "grid" && el("span", { class: "risen" }, icon("flag"), t("已上升到{level}", { level: words.level(issue.level) })))));
}

/** @param {Issue} issue @param {boolean} ended */
function due(issue, ended) {
  if (ended) return el("span", {}, words.status(issue.status));
  if (issue.overdue) return el("span", { class: "late" }, t("已超期"));
  if (!issue.due_at) return el("span", {}, words.status(issue.status));
  return el("span", {}, t("{when}到期", { when: relative(new Date(issue.due_at), new Date(), lang) }));
}

/** A row that lights up the issue on the map, and opens it. @param {Issue} issue */
export function litRow(issue) {
  const [on, off] = [() => page.light([issue.id], issue), () => page.light([])];
  const lit = { onmouseenter: on, onmouseleave: off, onfocusin: on, onfocusout: off };
  return el("li", { class: "issue", "data-issue": issue.id, ...lit }, issueRow(issue, () => page.select({ kind: "issue", id: issue.id })));
}

/** @type {Map<string, Issue>} */
const shown = new Map();

/** The issues that the list shows now, in its order. */
export function shownIssues() {
  return [...shown.values()];
}

class IssueList {
  /** @param {L.Map} map @param {string} url */
  constructor(map, url) {
    this.map = map;
    this.url = url;
    this.ask = newest();
    this.place = byId("issues");
    this.more = byId("more", HTMLButtonElement);
    /** @type {string | null} */
    this.after = null;
    this.timer = 0;
    this.nearing = 0;
    this.view = "";
    this.answered = false;
    /** @type {number | undefined} */
    this.total = undefined;
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map();
    /** Whether the focus is on the button for more. */
    this.pressed = false;
  }

  /** The map moved: look again once it rests. */
  soon() {
    if (page.filter.state === "unplaced") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), REST_MS);
  }

  /** Look again at what the map shows, unless nobody sees the list or nothing moved. */
  look() {
    const view = written(viewOf(this.map));
    if (isOnPaper()) return;
    if (!page.selection && view !== this.view) this.restart();
  }

  restart() {
    this.view = written(viewOf(this.map));
    this.after = null;
    this.answered = false;
    this.load();
  }

  async load() {
    const first = this.after === null;
    this.pressed = document.activeElement === this.more;
    this.more.disabled = true;
    try {
      const answer = /** @type {IssuePage | undefined} */ (await this.ask(this.url, { params: this.question() }));
      if (answer) this.show(answer, first);
    } catch (error) {
      this.fail(sentence(error));
    }
    this.more.disabled = false;
  }

  question() {
    const bbox = page.filter.state === "unplaced" ? null : written(viewOf(this.map));
    return { ...wanted(), ...this.order(), bbox, limit: PAGE, after: this.after };
  }

  /** In which order; by distance it goes from the middle of the view. */
  order() {
    const { sort } = page.filter;
    if (sort !== "near") return { sort: sort === "newest" ? "" : sort };
    const [west, south, east, north] = this.view.split(",").map(Number);
    return { sort, near: `${((west + east) / 2).toFixed(5)},${((south + north) / 2).toFixed(5)}` };
  }

  /** @param {IssuePage} answer @param {boolean} first */
  show({ items, next, total_at_most: total }, first) {
    const focused = first && this.place.contains(document.activeElement);
    const known = this.rows.size;
    const before = document.activeElement?.closest("[data-issue]")?.getAttribute("data-issue");
    if (first) this.clear();
    for (const issue of items) this.add(issue);
    if (focused) this.refocus(before ?? "");
    this.after = next;
    this.more.hidden = !next;
    if (!first) this.goOn(known);
    this.total = total;
    this.answered = true;
    this.tell();
    if (!this.rows.size) fill(this.place, el("li", { class: "empty" }, ...this.emptiness()));
    this.light();
  }

  /** How many there are, once the list is there; where neither it nor the map knows, as many as are
   * listed and more. */
  tell() {
    if (!this.answered) return;
    const everywhere = page.filter.state === "unplaced";
    const box = /** @type {Box} */ (this.view.split(",").map(Number));
    const total = this.after ? (this.total ?? (everywhere ? null : page.countIn(box))) : this.rows.size;
    const shown = total === null ? `${count(this.rows.size, lang)}+` : count(total, lang);
    const told = everywhere ? t("全区 {count} 件", { count: shown }) : t("当前地图范围内 {count} 件", { count: shown });
    const place = byId("list-count");
    if (place.textContent !== told) place.textContent = told;
  }

  /** Where more was asked for by key, the focus goes on to the first of those. @param {number} known how many there were */
  goOn(known) {
    if (this.pressed) [...this.rows.values()][known]?.querySelector("button")?.focus();
  }

  /** The rows are new ones: the focus goes to the same issue again, or stays at the list.
   * @param {string} id */
  refocus(id) {
    const row = this.rows.get(id)?.querySelector("button") ?? this.place;
    row.focus({ preventScroll: true });
  }

  /** What stands where no issue does, with the way to where there may be some. */
  emptiness() {
    if (page.filter.state === "unplaced") return [t("没有未定位的诉求。地址不清楚、找不到位置的诉求会列在这里。")];
    const whole = () => this.map.fire("whole");
    return [t("这一片没有符合条件的诉求。把地图缩小或换个条件看看。"), " ", el("button", { type: "button", class: "link", onclick: whole }, t("看全区"))];
  }

  clear() {
    this.rows.clear();
    shown.clear();
    fill(this.place);
    this.place.parentElement?.scrollTo({ top: 0 });
  }

  /** @param {Issue} issue */
  add(issue) {
    if (this.rows.has(issue.id)) return;
    const row = litRow(issue);
    this.rows.set(issue.id, row);
    shown.set(issue.id, issue);
    this.place.append(row);
  }

  /** @param {string} text */
  fail(text) {
    this.answered = false;
    if (this.rows.size) byId("list-count").textContent = text;
    else fill(this.place, el("li", { class: "empty" }, text, " ", this.again()));
  }

  again() {
    return el("button", { type: "button", class: "link", onclick: () => page.refresh() }, t("再试一次"));
  }

  light() {
    for (const [id, row] of this.rows) row.classList.toggle("lit", page.lit.has(id));
    clearTimeout(this.nearing);
    const lit = [...page.lit].map((id) => this.rows.get(id)).find((row) => row);
    const pointed = lit && !this.place.matches(":hover, :focus-within");
    if (pointed) this.nearing = setTimeout(() => lit.scrollIntoView({ block: "nearest" }), NEARING_MS);
  }
}

/** Leads to the list as it is narrowed, as a file. */
function exportable() {
  const show = () => {
    const told = Object.entries(wanted()).filter(([, value]) => value !== null && value !== undefined && value !== "");
    const query = new URLSearchParams([["layer", "issues"], ...told.map(([name, value]) => [name, String(value)])]);
    const exported = document.getElementById("list-export");
    if (exported instanceof HTMLAnchorElement) exported.href = `/exports?${query}`;
    const desk = new URLSearchParams();
    writeFilter(desk, { ...page.filter, sort: page.filter.sort === "near" ? "newest" : page.filter.sort });
    byId("list-table", HTMLAnchorElement).href = `/desk${desk.size ? `?${desk}` : ""}`;
  };
  page.on("filter", show);
  show();
}

/** @param {L.Map} map @returns {Box} */
function viewOf(map) {
  const view = map.getBounds();
  return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
}
