/** The few questions of each category (诉求答卷): what one is asked, and what one can answer. */

import { el } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {{code: string, text: string, options: [string, string][]}} Query */

const yes = () => /** @type {[string, string][]} */ ([["yes", t("是")], ["no", t("否")]]);
const since = () => ({ code: "since", text: t("有多久了"), options: /** @type {[string, string][]} */ ([["today", t("今天")], ["days", t("几天")], ["weeks", t("更久")]]) });

/** @type {Record<string, () => Query[]>} */
const QUESTIONS = {
  ADS: () => [{ code: "where", text: t("贴在哪里"), options: [["wall", t("墙面")], ["door", t("楼道或门")], ["pole", t("灯杆或箱体")]] }],
  ENV: () => [{ code: "what", text: t("主要是什么"), options: [["rubbish", t("垃圾")], ["clutter", t("乱堆放")], ["smell", t("异味或污水")]] }, since()],
  PIPE: () => [{ code: "flows", text: t("现在还在漏吗"), options: yes() }, { code: "dry", text: t("家里停水了吗"), options: yes() }],
  ROAD: () => [{ code: "danger", text: t("会不会伤到人"), options: yes() }, since()],
  LAMP: () => [{ code: "how", text: t("怎么不亮"), options: [["one", t("一盏")], ["row", t("一排")], ["flicker", t("一闪一闪")]] }, since()],
  CCTV: () => [{ code: "what", text: t("什么情况"), options: [["broken", t("坏了")], ["missing", t("需要加装")]] }],
  NOISE: () => [{ code: "when", text: t("什么时候吵"), options: [["day", t("白天")], ["evening", t("晚上")], ["night", t("深夜")]] }, { code: "from", text: t("从哪里来"), options: [["site", t("工地")], ["shop", t("商铺")], ["square", t("广场")], ["neighbour", t("邻居")]] }],
};

/** The questions of a category as groups of choices; none has to be answered.
 * @param {string} category @param {Record<string, string>} [given] what was chosen before */
export function questionFields(category, given = {}) {
  return (QUESTIONS[category]?.() ?? []).map(({ code, text, options }) => el("fieldset", { class: "question" },
    el("legend", {}, text),
    ...options.map(([value, label]) => el("label", { class: "option" },
      el("input", { type: "radio", name: `answer-${code}`, value, checked: given[code] === value }), el("span", {}, label)))));
}

/** What was chosen in a form, by the question's code. @param {HTMLFormElement} form */
export function chosenAnswers(form) {
  const told = [...new FormData(form)].filter(([name]) => name.startsWith("answer-"));
  return Object.fromEntries(told.map(([name, value]) => [name.slice("answer-".length), String(value)]));
}

/** Questions with their answers in words. @param {string} category @param {Record<string, string>} answers @returns {[string, string][]} */
export function answered(category, answers) {
  return (QUESTIONS[category]?.() ?? []).flatMap(({ code, text, options }) => {
    const found = options.find(([value]) => value === answers[code]);
    return found ? [/** @type {[string, string]} */ ([text, found[1]])] : [];
  });
}
