/** One import: how far it is, what came of it, and the rows that need a hand. */

import { ask, sentence } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { count } from "./format.js";
import { lang, t } from "./i18n.js";

/** @type {Record<string, () => string>} */
const STATES = {
  waiting: () => t("等待中"),
  running: () => t("导入中"),
  done: () => t("已完成"),
  failed: () => t("没有导入"),
};

/** @param {string} state */
export function stateWord(state) {
  return STATES[state]?.() ?? state;
}

/** Shows a job in its card, without building anew what stands. @param {HTMLElement} card @param {ImportJob} job */
export function jobCard(card, job) {
  const ended = job.state === "done" || job.state === "failed";
  const rows = card.querySelector(".refused");
  fill(card,
    el("h2", {}, job.file_name, " ", el("span", { class: job.state === "failed" ? "badge alarm" : "badge" }, stateWord(job.state))),
    ended ? null : progress(job),
    job.error ? el("p", { class: "problem" }, job.error) : null,
    job.state === "failed" ? null : results(job),
    columns(t("没有保存这些联系方式列：{names}", { names: list(job.dropped_columns) }), job.dropped_columns),
    columns(t("没有认出这些列：{names}", { names: list(job.unknown_columns) }), job.unknown_columns),
    ended && job.added ? el("p", {}, el("a", { class: "button", href: "/" }, t("到地图上看"))) : null,
    ended && job.refused ? rows ?? refused(card, job) : null);
}

/** @param {string[]} names */
function list(names) {
  return names.join(t("、"));
}

/** @param {string} text @param {string[]} names */
function columns(text, names) {
  return names.length ? el("p", { class: "hint" }, text) : null;
}

/** @param {ImportJob} job */
function progress({ done, total }) {
  const known = total ? { max: total, value: done } : {};
  const told = total
    ? t("{done} / {total} 行", { done: count(done, lang), total: count(total, lang) })
    : t("正在读表……");
  return el("div", { class: "progress" }, el("progress", { ...known, "aria-label": t("导入进度") }), el("span", {}, told));
}

/** @param {ImportJob} job */
function results(job) {
  /** @type {[string, number, string][]} */
  const figures = [
    [t("新增"), job.added, "good"],
    [t("已有，跳过"), job.known, ""],
    [t("未定位"), job.unplaced, ""],
    [t("有错的行"), job.refused, job.refused ? "late" : ""],
  ];
  const cells = figures.map(([name, number, mood]) => el("div", {}, el("dd", { class: mood }, count(number, lang)), el("dt", {}, name)));
  return el("dl", { class: "figures" }, ...cells);
}

/** @param {HTMLElement} card @param {ImportJob} job */
function refused(card, job) {
  const place = el("div", { class: "refused" }, el("p", { class: "hint" }, t("正在取有错的行……")));
  fillRefused(card, place, job);
  return place;
}

/** @param {HTMLElement} card @param {HTMLElement} place @param {ImportJob} job */
async function fillRefused(card, place, job) {
  const base = `/api/imports/${encodeURIComponent(job.id)}`;
  try {
    const answer = await ask(`${base}/refused`);
    /** @type {RefusedRow[]} */
    const rows = Array.isArray(answer) ? answer : answer.items;
    const body = el("tbody", {}, ...rows.map((row) => line(card, base, row)));
    const heads = [t("行"), t("列"), t("原因"), t("改成")].map((name) => el("th", { scope: "col" }, name));
    fill(place,
      el("div", { class: "refused-head" }, el("h3", {}, t("有错的行")),
        el("a", { class: "button", href: `${base}/refused.csv`, download: true }, icon("download"), t("下载这些行"))),
      el("div", { class: "scroll" }, el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body)));
  } catch (error) {
    fill(place, el("p", { class: "problem" }, sentence(error)));
  }
}

/** @param {HTMLElement} card @param {string} base @param {RefusedRow} row */
function line(card, base, row) {
  const column = row.column ?? "";
  const field = el("input", { type: "text", value: row.raw[column] ?? "", "aria-label": t("第 {row} 行，{column}", { row: row.row, column }) });
  const said = el("p", { class: "row-said", role: "status" });
  const retry = el("button", { type: "submit", class: "button" }, t("再试"));
  const form = el("form", { class: "fix", onsubmit: (/** @type {Event} */ event) => fix(event) }, field, retry);
  const tr = el("tr", {},
    el("td", { class: "code" }, row.row), el("td", {}, column || "—"),
    el("td", {}, row.reason, said), el("td", {}, column ? form : contents(row)));
  /** @param {Event} event */
  async function fix(event) {
    event.preventDefault();
    retry.disabled = true;
    try {
      await ask(`${base}/refused/${row.row}`, { method: "PUT", body: { ...row.raw, [column]: field.value } });
      tr.classList.add("mended");
      fill(said, icon("check"), t("已导入"));
      field.disabled = true;
      jobFigures(card, await ask(base));
    } catch (error) {
      said.textContent = sentence(error);
      retry.disabled = false;
    }
  }
  return tr;
}

/** @param {RefusedRow} row */
function contents({ raw }) {
  const told = Object.entries(raw).filter(([, value]) => value).map(([name, value]) => `${name}：${value}`);
  return el("small", {}, told.join("；"));
}

/** Only the numbers change while rows are being corrected. @param {HTMLElement} card @param {ImportJob} job */
function jobFigures(card, job) {
  card.querySelector(".figures")?.replaceWith(results(job));
}
