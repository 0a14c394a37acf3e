/** What was handed back, as whoever settles it wants it: why, on which evidence, and the next step. */

import { certificate, evidence, pairs, section } from "./facts.js";
import { el, icon } from "./dom.js";
import { moment } from "./format.js";
import { lang, said, t, timeZone } from "./i18n.js";
import * as words from "./words.js";

/** Whether it was handed back and waits for whoever reads to settle it. @param {IssueFacts} issue */
export function waitsForRuling({ status, steps }) {
  return status === "returned" && Boolean(steps?.includes("settle_ground"));
}

/** The last word of who handed it back. @param {IssueFacts} issue */
export function handedBack({ events }) {
  return [...events].reverse().find(({ kind }) => kind === "hand_back");
}

/** Whether the fight is about whose ground it is, not about whose matter. @param {IssueFacts} issue */
export function isAboutGround(issue) {
  return handedBack(issue)?.detail?.reason !== "not_my_matter";
}

/**
 * Reason, next step, evidence and certificate together; nothing where it was not handed back, or to
 * whoever cannot settle it. @param {IssueFacts} issue @param {Node | null} next the buttons, where they belong here
 */
export function returnedSection(issue, next) {
  if (!waitsForRuling(issue)) return null;
  const last = handedBack(issue);
  const reason = words.reason(last?.detail?.reason);
  const who = [last && moment(last.at, { lang, timeZone, now: new Date() }), last?.actor].filter(Boolean).join(" · ");
  return el("section", { class: "returned" },
    el("h3", {}, icon("alert"), reason ? t("回退：{reason}", { reason }) : words.status("returned")),
    who ? el("p", { class: "hint" }, said(who)) : null,
    last?.note ? el("p", { class: "said" }, said(last.note)) : null,
    next,
    section(t("归属依据"), el("div", {}, pairs([[t("所属网格"), issue.grid?.name], ...evidence(issue)]), certificate(issue))));
}

/** The way to settle it. @param {IssueFacts} issue */
export function rulingLink({ id }) {
  return el("a", { class: "button strong", href: `/issues/${encodeURIComponent(id)}?settle`, "data-step": "settle_ground" }, icon("pin"), words.event("settle_ground", null));
}
