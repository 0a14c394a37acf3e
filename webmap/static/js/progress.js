/** An issue as whoever reported it wants it: how far it is and what comes next, the result, the way there, photos, details. */

import { answersSection, nextSteps } from "./desk-facts.js";
import { details, headFacts, timeline } from "./facts.js";
import { el, fill, icon } from "./dom.js";
import { moment } from "./format.js";
import { lang, said, t, timeZone } from "./i18n.js";
import { ownPhotos } from "./own-photos.js";
import { ownWords } from "./own-words.js";
import { replySection } from "./reply.js";
import * as words from "./words.js";

/** @typedef {import("./own-words.js").OwnWord} OwnWord */
/** @typedef {Awaited<ReturnType<typeof ownPhotos>>} Photos */

const when = (/** @type {string} */ iso) => moment(iso, { lang, timeZone, now: new Date() });
const OWN = new Set(["confirm", "reopen", "joined"]);
const RESULT = new Set(["settle", "handle", "refuse"]);
const TURNS = new Set(["reopen", "rework", "settle", "handle", "close"]);
const AT_WORK = new Set(["reported", "accepted", "verified", "registered", "dispatched", "returned", "reworked"]);

/**
 * The page of one's report; what only the code shows comes in as soon as it is told.
 * @param {IssueFacts} issue @param {import("./facts.js").Open} open @param {() => void} again
 */
export function progress(issue, open, again) {
  const [next, result, reply, way, photos] = [el("section", { class: "next-step" }), el("section", {}), el("div", {}), el("section", {}), el("section", {})];
  fill(next, ...nextWords(issue, false));
  fill(way, el("h3", {}, t("办理经过")), timeline(issue));
  const rest = el("div", { class: "facts" }, ...details(issue, open));
  const tell = async () => {
    const [own, pictures] = await Promise.all([ownWords(issue.id), ownPhotos(issue.id)]);
    if (!own) return;
    fill(next, ...nextWords(issue, !own.joined));
    fill(reply, own.joined ? null : replySection(issue, again));
    fill(result, ...resultOf(own.words, pictures));
    fill(way, el("h3", {}, t("办理经过")), timeline(issue, (event) => wordAt(own.words, pictures, event)));
    fill(photos, ...ofReport(pictures));
    rest.prepend(answersSection({ ...issue, answers: own.answers }) ?? "");
  };
  tell();
  const steps = issue.steps?.length ? nextSteps(issue, false) : null; // who reports may work on it as well
  return el("div", { class: "facts" }, headFacts(issue), next, result, reply, steps, way, photos, rest);
}

/** What happens next, as a sentence or two. @param {IssueFacts} issue @param {boolean} mine whether it is the reader's own report @returns {import("./dom.js").Child[]} */
function nextWords(issue, mine) {
  const again = reopened(issue);
  const due = issue.due_at && AT_WORK.has(issue.status) ? when(issue.due_at) : "";
  return [
    el("h3", {}, t("现在到哪一步")),
    el("p", {}, icon(DONE.has(issue.status) ? "check" : "clock"), el("span", {}, again ? t("已要求重办，{when}提出。", { when: when(again.at) }) : standing(issue, mine))),
    due ? el("p", {}, icon("flag"), el("span", {}, t("办理期限：{when}", { when: due }))) : null,
  ];
}

const DONE = new Set(["handled", "checked", "closed"]);

/** Since when it is to be done again, where that was the last turn. @param {IssueFacts} issue */
function reopened({ status, events }) {
  if (!AT_WORK.has(status) && status !== "suspended") return null;
  const last = [...events].reverse().find(({ kind }) => TURNS.has(kind));
  return last?.kind === "reopen" ? last : null;
}

/** @param {IssueFacts} issue @param {boolean} mine */
function standing({ status, satisfaction, grid }, mine) {
  if (DONE.has(status)) {
    if (mine && !satisfaction) return t("已经办了，等你评价；没办好可以要求重办。");
    return status === "closed" ? t("已经办结。") : t("已经办了，等核查结案。");
  }
  if (status === "reported" && !grid) return t("已经收到，还没有网格管，由区里派人。");
  return NEXT[status]?.() ?? words.status(status);
}

/** @type {Record<string, () => string>} */
const NEXT = {
  reported: () => t("已经送到网格，等受理。"),
  accepted: () => t("已经受理，正在安排办理。"),
  verified: () => t("已经核实，正在安排办理。"),
  registered: () => t("已经立案，正在安排办理。"),
  dispatched: () => t("处置部门正在办。"),
  returned: () => t("接到的人说不归他管，社区正在重新安排。"),
  reworked: () => t("核查没有通过，正在重新办。"),
  suspended: () => t("暂时办不了，已经挂账，到期再办。"),
  rejected: () => t("没有受理，原因在下面。"),
  void: () => t("已经作废，不再办理。"),
};

/** What was done, as it stands now. @param {OwnWord[]} all @param {Photos} photos @returns {import("./dom.js").Child[]} */
function resultOf(all, photos) {
  const last = all.filter(({ kind, former }) => RESULT.has(kind) && !former).at(-1);
  if (!last) return [];
  return [el("h3", {}, last.kind === "refuse" ? t("不受理的原因") : t("办理结果")), el("p", { class: "said" }, said(last.note)), figures(last, photos)];
}

/** What the reader wrote with a step, or what was done before it was asked for again. @param {OwnWord[]} all @param {Photos} photos @param {IssueEvent} event */
function wordAt(all, photos, { at, kind }) {
  const word = all.find((one) => one.kind === kind && one.at === at);
  if (!word || (RESULT.has(kind) && !word.former)) return null;
  const whose = OWN.has(kind) ? t("你说的") : t("上次的办理结果");
  return el("div", { class: "own-word" }, el("p", { class: "hint" }, whose), el("p", { class: "said" }, said(word.note)), figures(word, photos));
}

/** @param {OwnWord} word @param {Photos} photos */
function figures({ photos: numbers = [] }, photos) {
  const shown = numbers.flatMap((number) => photos.get(number)?.figure ?? []);
  return shown.length ? el("div", { class: "photos" }, ...shown) : null;
}

/** @param {Photos} photos @returns {import("./dom.js").Child[]} */
function ofReport(photos) {
  const own = [...photos.values()].filter(({ kind }) => kind === "report").map(({ figure }) => figure);
  return own.length ? [el("h3", {}, t("照片")), el("div", { class: "photos" }, ...own)] : [];
}
