/** One import: how far it is, what came of it, and the rows that need a hand. */

import { el, fill, icon } from "./dom.js";
import { count } from "./format.js";
import { lang, said, t, woven } from "./i18n.js";
import { refusedRows } from "./refused.js";

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

/** What to read aloud of a job: its quarters while it runs, then what came of it.
 * @param {ImportJob} job */
export function spoken(job) {
  if (job.state === "failed") return [stateWord(job.state), job.error?.title].filter(Boolean).join(t("："));
  if (job.state === "done") return [stateWord(job.state), tally(job)].join(t("："));
  const quarters = job.total ? Math.floor((job.done / job.total) * 4) : 0;
  return t("{state}，{percent}%", { state: stateWord(job.state), percent: quarters * 25 });
}

/** What came of a job in one line. @param {ImportJob} job */
export function tally({ added, known, refused }) {
  return t("新增 {added} · 已有 {known} · 有错 {refused}", {
    added: count(added, lang), known: count(known, lang), refused: count(refused, lang),
  });
}

/**
 * Shows a job in its card, without building anew what stands.
 * @param {HTMLElement} card @param {ImportJob} job @param {boolean} again whether this file had been imported before
 */
export function jobCard(card, job, again) {
  const ended = job.state === "done" || job.state === "failed";
  const rows = card.querySelector(".refused");
  fill(card,
    el("h2", {}, said(job.file_name), " ", el("span", { class: job.state === "failed" ? "badge alarm" : "badge" }, stateWord(job.state))),
    again && el("p", { class: "before" }, icon("info"), t("这个文件以前导入过，没有重复导入")),
    ended ? null : progress(job),
    outcome(job),
    columns(t("这些联系方式列已加密另存：{names}"), job.sealed_columns),
    columns(t("没有保存这些联系方式列：{names}"), job.dropped_columns),
    columns(t("没有认出这些列：{names}"), job.unknown_columns),
    strange(job.unknown_values ?? {}),
    ended && job.added ? el("p", {}, el("a", { class: "button", href: `/?state=all&import=${job.id}` }, t("到地图上看")), " ",
      el("a", { class: "button", href: `/desk/tickets.xlsx?state=all&import=${job.id}`, download: "" }, t("下载办理情况，交回 12345"))) : null,
    ended && job.refused ? rows ?? refusedRows(job, (changed) => refreshed(card, changed)) : null);
}

/** @param {string[]} names */
function list(names) {
  return names.join(t("、"));
}

/** @param {string} text with {names} @param {string[]} names */
function columns(text, names) {
  return names.length ? el("p", { class: "hint" }, ...woven(text, { names: said(list(names)) })) : null;
}

/** The values that are none of ours, by column. @param {Record<string, string[]>} values */
function strange(values) {
  const told = Object.entries(values).filter(([, all]) => all.length);
  const each = told.map(([column, all]) => t("{column}：{values}", { column, values: list(all) }));
  return columns(t("没认出的值：{names}"), each.length ? [each.join(t("；"))] : []);
}

/** @param {ImportJob} job */
function progress({ done, total }) {
  const known = total ? { max: total, value: done } : {};
  const told = total
    ? t("{done} / {total} 行", { done: count(done, lang), total: count(total, lang) })
    : t("正在读表……");
  return el("div", { class: "progress" }, el("progress", { ...known, "aria-label": t("导入进度") }), el("span", {}, told));
}

/** What came of it so far, or why it failed. @param {ImportJob} job */
function outcome(job) {
  return job.state === "failed" ? job.error && el("p", { class: "problem" }, job.error.title) : results(job);
}

/** @param {ImportJob} job */
function results(job) {
  /** @type {[string, number, string][]} */
  const figures = [
    [t("新增"), job.added, "good"],
    [t("已有，跳过"), job.known, ""],
    [t("其中未定位"), job.unplaced, ""],
    [t("有错的行"), job.refused, job.refused ? "late" : ""],
  ];
  const cells = figures.map(([name, number, mood]) => el("div", {}, el("dd", { class: mood }, count(number, lang)), el("dt", {}, name)));
  return el("dl", { class: "figures" }, ...cells);
}

/** Only the numbers change while rows are being corrected. @param {HTMLElement} card @param {ImportJob} job */
function refreshed(card, job) {
  card.querySelector(".figures")?.replaceWith(results(job));
}
