/** What the list and the map are narrowed to: the tabs, the fields, and the line that sums them up. */

import { newest } from "../api.js";
import { AreaChoice } from "../area-choice.js";
import { byId, el, fill, icon } from "../dom.js";
import { count } from "../format.js";
import { readPlace } from "../geometry.js";
import { lang, marked, t } from "../i18n.js";
import { asked, cleared, isBackwards, isNarrow, orderFor } from "../narrowing.js";
import { showNotice } from "../notice.js";
import { page } from "../state.js";
import * as told from "../words.js";
import { categoryName } from "./list.js";

/** @type {Record<string, () => string>} */
const PERIODS = {
  today: () => t("今天"),
  "7d": () => t("近 7 天"),
  "30d": () => t("近 30 天"),
  year: () => t("今年"),
};
const DAYS = "days";
/** Whether the address already said where the map is to stand, before a tool wrote it there. */
const PLACED = readPlace(location.hash) !== null;

/** @param {L.Map} map @param {{counts: string, areas: string, grids: string}} urls */
export default function start(map, urls) {
  const filters = new Filters(new AreaChoice(map, urls), urls.counts);
  page.on("filter", () => filters.show());
  page.on("data", () => filters.count());
  if (page.filter.area && !page.selection && !PLACED) filters.area.bring(page.filter.area);
  return filters.show();
}

class Filters {
  /** @param {AreaChoice} area @param {string} url */
  constructor(area, url) {
    this.area = area;
    this.url = url;
    this.ask = newest();
    /** Whether days are about to be chosen. */
    this.choosing = false;
    this.tabs = /** @type {HTMLButtonElement[]} */ ([...document.querySelectorAll("[data-state]")]);
    this.category = byId("category", HTMLSelectElement);
    this.period = byId("period", HTMLSelectElement);
    this.days = byId("days");
    this.since = byId("since", HTMLInputElement);
    this.until = byId("until", HTMLInputElement);
    this.overdue = byId("overdue", HTMLInputElement);
    this.soon = byId("soon", HTMLInputElement);
    this.words = byId("words", HTMLInputElement);
    this.sort = byId("sort", HTMLSelectElement);
    this.summary = byId("filter-summary");
    this.button = byId("filter-button", HTMLButtonElement);
    this.listen();
  }

  listen() {
    for (const tab of this.tabs) tab.addEventListener("click", () => page.narrow({ state: tab.dataset.state ?? "open" }));
    this.category.addEventListener("change", () => page.narrow({ category: this.category.value }));
    this.overdue.addEventListener("change", () => page.narrow({ overdue: this.overdue.checked }));
    this.soon.addEventListener("change", () => page.narrow({ soon: this.soon.checked }));
    this.words.addEventListener("change", () => this.find());
    this.sort.addEventListener("change", () => page.narrow({ sort: this.sort.value }));
    this.period.addEventListener("change", () => this.choosePeriod());
    for (const day of [this.since, this.until]) day.addEventListener("change", () => this.chooseDays());
    this.button.addEventListener("click", () => this.open(this.button.getAttribute("aria-expanded") !== "true"));
  }

  /** Look for the words, once each has the two characters that it takes. */
  find() {
    const words = this.words.value.trim();
    const short = words.split(/\s+/).some((word) => [...word].length === 1);
    byId("words-wrong").hidden = !short;
    if (!short) page.narrow({ words });
  }

  /** @param {boolean} open */
  open(open) {
    this.button.setAttribute("aria-expanded", String(open));
    byId("filter-fields").classList.toggle("open", open);
  }

  choosePeriod() {
    const { value } = this.period;
    this.choosing = value === DAYS;
    const period = /** @type {import("../narrowing.js").Period} */ (this.choosing ? "" : value);
    page.narrow({ period, since: "", until: "" });
    this.days.hidden = !this.choosing;
    if (this.choosing) this.since.focus();
  }

  chooseDays() {
    const days = { since: this.since.value, until: this.until.value };
    const wrong = isBackwards(days);
    byId("days-wrong").hidden = !wrong;
    if (!wrong) page.narrow({ period: "", ...days });
  }

  /** Everything as the filter has it. */
  show() {
    const { state, category, period, since, until, overdue, soon, words, sort } = page.filter;
    for (const tab of this.tabs) tab.setAttribute("aria-pressed", String(tab.dataset.state === state));
    this.category.value = category;
    this.period.value = period || (since || until || this.choosing ? DAYS : "");
    this.days.hidden = this.period.value !== DAYS;
    [this.since.value, this.until.value, this.overdue.checked] = [since, until, overdue];
    [this.soon.checked, this.words.value, this.sort.value] = [soon, words, sort];
    byId("words-wrong").hidden = true;
    for (const option of this.sort.options) option.hidden = orderFor(option.value, state) !== option.value;
    byId("days-wrong").hidden = !isBackwards(page.filter);
    const narrow = isNarrow(page.filter);
    this.button.classList.toggle("narrow", narrow);
    this.summary.hidden = !narrow;
    return Promise.all([this.count(), this.area.show().then(() => this.sum())]);
  }

  /** How many issues of the whole district each tab would list. */
  async count() {
    const params = { ...asked(page.filter), state: null };
    try {
      const counts = /** @type {Counts | undefined} */ (await this.ask(this.url, { params }));
      if (counts) this.tell((state) => `${count(counts[state], lang)}${counts.more.includes(state) ? "+" : ""}`);
    } catch {
      this.tell(() => "–");
    }
  }

  /** @param {(state: State) => string} told */
  tell(told) {
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-issues]"))) {
      place.textContent = told(/** @type {State} */ (place.dataset.issues));
    }
  }

  /** The one line that says what is narrowed, with the way out. */
  sum() {
    const clear = el("button", { type: "button", class: "link", onclick: () => this.clear() }, t("清除条件"));
    const told = this.parts().join(" · ");
    fill(this.summary, icon("filter"), el("span", {}, ...marked(told)), clear);
  }

  /** @returns {string[]} */
  parts() {
    const { category, period, since, until, overdue, soon, import: file } = page.filter;
    const days = t("{since} 至 {until}", { since: since || t("最早"), until: until || t("今天") });
    const parts = [
      category && categoryName(category),
      this.area.name(),
      period ? PERIODS[period]() : since || until ? days : "",
      overdue && t("只看超期"),
      soon && t("24 小时内到期"),
      ...said(page.filter),
      file && t("第 {number} 次导入的", { number: file }),
    ];
    return parts.filter((part) => typeof part === "string" && part !== "").map(String);
  }

  clear() {
    this.choosing = false;
    page.narrow(cleared(page.filter));
    const back = this.button.offsetParent ? this.button : this.category;
    back.focus();
    showNotice(t("已清除条件，现在列出全部类别、时间和区域。"));
  }
}

/** Two days in words, either of which may be left open. @param {string} since @param {string} until */
function span(since, until) {
  return { since: since || t("最早"), until: until || t("以后") };
}

/** What else is asked for, in words. @param {import("../narrowing.js").Filter} filter */
function said({ words, status, channel, handler, supervision, fresh, due_since: since, due_until: until, outcome, done_since: from, done_until: to, nowhere }) {
  const called = supervision === "any" ? t("督办中") : told.grade(supervision);
  const due = (since || until) && t("期限 {since} 至 {until}", span(since, until));
  const done = (from || to) && t("办完 {since} 至 {until}", span(from, to));
  return [fresh ? t("只看新到") : "", nowhere ? t("没有归属") : "", due, done, told.outcome(outcome), words && t("有“{words}”", { words }), told.status(status), told.channel(channel), handler, called];
}
