/** Whoever reported says whether it is done: known by the code behind the # of the link. */

import { ask } from "./api.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { freshKey } from "./outbox.js";
import { tellRefused } from "./stale.js";
import * as words from "./words.js";

const DONE = new Set(["handled", "checked", "closed"]);
const LONGEST = 40;

/** The code of this page's address, which no server is told of unless one answers. */
export function ownCode() {
  const told = decodeURIComponent(location.hash.slice(1));
  return /^[0-9A-Za-z -]{16,}$/.test(told) && told.length <= LONGEST ? told : "";
}

/** What can be said of an issue that is done: once how one finds it, and that it is not done until it is closed. @param {IssueFacts} issue @param {() => void} again */
export function replySection(issue, again) {
  const code = ownCode();
  if (!code || !DONE.has(issue.status)) return null;
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const key = freshKey();
  const say = async (/** @type {Record<string, string>} */ body) => {
    try {
      await ask(`/api/issues/${encodeURIComponent(issue.id)}/reply`, { body: { code, key, ...body } });
      again();
    } catch (error) {
      tellRefused(problem, error, again);
    }
  };
  if (!issue.satisfaction) return el("section", {}, el("h2", {}, t("请你评价")), el("div", { class: "step-form" }, marking(say), ...reopening(say), problem));
  const more = issue.status === "closed" ? null : el("div", { class: "step-form" }, ...reopening(say), problem);
  return el("section", {}, el("h2", {}, t("你的评价")), el("p", {}, words.satisfaction(issue.satisfaction)), more);
}

/** How one finds it, asked once more before it is said for good. @param {(body: Record<string, string>) => void} say */
function marking(say) {
  const place = el("div", { class: "marking" });
  const choose = () => {
    const marks = ["good", "fair", "bad"].map((mark, i) => el("button", { type: "button", class: i ? "button" : "button strong", onclick: () => confirm(mark) }, words.satisfaction(mark)));
    fill(place, el("p", {}, t("这件事办好了吗？你满意吗？")), el("div", { class: "mine-steps" }, ...marks));
  };
  const confirm = (/** @type {string} */ mark) => {
    const sure = el("button", { type: "button", class: "button strong", onclick: () => say({ step: "confirm", satisfaction: mark }) }, t("确认评价"));
    fill(place, el("p", { role: "status" }, t("评价“{mark}”？评价后不能再改；结案以前还可以要求重办。", { mark: words.satisfaction(mark) })),
      el("div", { class: "mine-steps" }, sure, el("button", { type: "button", class: "button quiet", onclick: choose }, t("再想想"))));
    sure.focus();
  };
  choose();
  return place;
}

/** That it is not done, with what is left to do. @param {(body: Record<string, string>) => void} say */
function reopening(say) {
  const label = t("还有什么没办好（要求重办时请写）");
  const note = el("textarea", { rows: 2, maxlength: 1000, "aria-label": label, placeholder: label });
  const reopen = () => {
    const told = note.value.trim();
    if (told) say({ step: "reopen", note: told });
    else note.focus();
  };
  return [note, el("div", { class: "done-row" }, el("button", { type: "button", class: "button quiet", onclick: reopen }, t("没办好，要求重办")))];
}
