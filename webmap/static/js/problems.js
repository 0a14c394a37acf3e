/** The rows of the list of problems: six checks, each with what was found. */

import { el } from "./dom.js";
import { count, distance } from "./format.js";
import { lang, t } from "./i18n.js";

const SHOWN = 3;
const LARGE_M2 = 100_000;

/** A problem's size as people write it. @param {ProblemProps} problem */
export function measured({ unit, measure, count: places }) {
  if (unit === "m") return distance(measure, lang);
  if (unit === "m2") return area(measure);
  return places > 1 || measure > 1 ? t("{count} 处", { count: count(Math.max(places, measure), lang) }) : "";
}

/** @param {number} m2 */
function area(m2) {
  if (m2 > 0 && m2 < 0.01) return t("不到 0.01 平方米");
  const large = m2 >= LARGE_M2;
  const digits = large || m2 < 100 ? 2 : 0;
  const number = new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(large ? m2 / 1e6 : m2);
  return large ? t("{number} 平方公里", { number }) : t("{number} 平方米", { number });
}

/**
 * One check with its problems.
 * @param {QualityCheck} check @param {Problem[]} problems @param {(number: number) => void} choose
 */
export function checkBlock(check, problems, choose) {
  const rows = problems.map((problem) => el("li", {}, problemRow(problem.properties, choose)));
  return el(
    "section",
    { class: "check", "aria-label": check.name },
    el("div", { class: "check-head" }, el("h2", { class: "check-name" }, check.name), state(check)),
    el("p", { class: "check-meaning" }, check.meaning),
    rows.length > 0 && el("ul", { class: "problem-rows" }, ...rows),
  );
}

/** @param {QualityCheck} check */
function state({ errors, warnings, notes }) {
  const said = [
    errors && t("{count} 项错误", { count: errors }),
    warnings && t("{count} 项提醒", { count: warnings }),
    notes && t("{count} 项说明", { count: notes }),
  ].filter(Boolean);
  const text = errors || warnings ? said.join(t("，")) : [t("没有问题"), ...said].join(t("，"));
  return el("span", { class: `check-state${errors ? " bad" : ""}` }, text);
}

/** @param {ProblemProps} problem @param {(number: number) => void} choose */
function problemRow(problem, choose) {
  const { number, title, severity, help, codes, codes_count: all, count: places } = problem;
  const codesShown = codes.slice(0, SHOWN).map((code) => el("span", { class: "code" }, code));
  const whose = codesShown.flatMap((code, i) => (i ? [t("、"), code] : [code]));
  const more = all > SHOWN && t("等 {count} 个", { count: count(all, lang) });
  const many = places > 1 && problem.unit !== "count" && t("共 {count} 处", { count: count(places, lang) });
  return el(
    "button",
    { type: "button", class: "problem-row", "data-number": number, onclick: () => choose(number) },
    el("span", { class: `problem-number ${severity}` }, number),
    el("span", { class: "problem-title" }, title),
    el("span", { class: "problem-measure" }, measured(problem)),
    (many || whose.length > 0) && el("span", { class: "problem-more" }, many, many && whose.length > 0 && " · ", ...whose, more && " ", more),
    el("span", { class: "problem-more problem-help" }, help),
  );
}
