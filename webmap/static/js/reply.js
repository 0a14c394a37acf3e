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

/** What can be said of an issue that is done. @param {IssueFacts} issue @param {() => void} again */
export function replySection(issue, again) {
  const code = ownCode();
  if (!code || !DONE.has(issue.status)) return null;
  if (issue.satisfaction) return el("section", {}, el("h2", {}, t("你的评价")), el("p", {}, words.satisfaction(issue.satisfaction)));
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const note = el("textarea", { rows: 2, maxlength: 1000, "aria-label": t("还有什么没办好（要求重办时请写）") , placeholder: t("还有什么没办好（要求重办时请写）") });
  const key = freshKey();
  const say = async (/** @type {Record<string, string>} */ body) => {
    try {
      await ask(`/api/issues/${encodeURIComponent(issue.id)}/reply`, { body: { code, key, note: note.value.trim(), ...body } });
      again();
    } catch (error) {
      tellRefused(problem, error, again);
    }
  };
  const marks = ["good", "fair", "bad"].map((mark, i) => el("button", {
    type: "button", class: i ? "button" : "button strong", onclick: () => say({ step: "confirm", satisfaction: mark }),
  }, words.satisfaction(mark)));
  const reopen = el("button", { type: "button", class: "button quiet", onclick: () => (note.value.trim() ? say({ step: "reopen" }) : (note.focus(), undefined)) }, t("没办好，要求重办"));
  const place = el("div", { class: "step-form" });
  fill(place, el("p", {}, t("这件事办好了吗？你满意吗？")), el("div", { class: "mine-steps" }, ...marks), note, el("div", { class: "done-row" }, reopen), problem);
  return el("section", {}, el("h2", {}, t("请你评价")), place);
}
