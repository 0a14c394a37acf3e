/** What the desk knows of an issue: its next steps, photos, answers, and each step it took. */

import { el } from "./dom.js";
import { pairs, section } from "./facts.js";
import { moment } from "./format.js";
import { lang, said, t, timeZone } from "./i18n.js";
import { answered } from "./questions.js";
import { isAboutGround, rulingLink, waitsForRuling } from "./returned.js";
import { page } from "./state.js";
import { stepButtons } from "./steps.js";
import * as words from "./words.js";

const when = (/** @type {string} */ iso) => moment(iso, { lang, timeZone, now: new Date() });

/**
 * The buttons for what can be done now; nothing where nothing can.
 * @param {IssueFacts} issue @param {boolean} ruled whether the form that settles its ground stands beside them
 */
export function nextSteps(issue, ruled) {
  const { id, text, steps = [], departments = [], beside = [] } = issue;
  const again = () => {
    page.refresh();
    page.dispatchEvent(new Event(page.selection ? "select" : "moved"));
  };
  const [waits, ground] = [waitsForRuling(issue), isAboutGround(issue)];
  const led = waits && { quiet: ground, first: "dispatch", lead: ruled || !ground ? null : rulingLink(issue) };
  const buttons = stepButtons({ id, text, steps, departments, beside, ...led }, again);
  const known = issue.status === "closed" && "publishes" in document.body.dataset;
  const publish = known && el("a", { class: "button strong", href: `/notices/new?issue=${encodeURIComponent(id)}` }, t("公示办理结果"));
  return buttons || publish ? section(t("下一步"), el("div", { class: "mine-steps" }, publish, buttons)) : null;
}

/** @param {IssueFacts} issue @returns {[string, any][]} */
export function deskPairs({ handler, supervision, satisfaction }) {
  return [
    [t("处置部门"), handler],
    [t("督办"), supervision && words.grade(supervision)],
    [t("居民评价"), satisfaction && words.satisfaction(satisfaction)],
  ];
}

/** @param {IssueFacts} issue */
export function answersSection({ category, answers }) {
  const told = answered(category, answers ?? {});
  return told.length ? section(t("诉求答卷"), pairs(told)) : null;
}

const PHOTO = { report: () => t("反映时的照片"), before: () => t("办理前"), after: () => t("办理后") };

/** @param {IssueFacts} issue */
export function photosSection({ photos }) {
  if (!photos?.length) return null;
  const shown = photos.map(({ public_id: id, kind, width, height }) => {
    const url = `/api/photos/${encodeURIComponent(id)}`;
    return el("a", { href: url, target: "_blank", rel: "noopener" },
      el("img", { src: url, alt: "", width, height, loading: "lazy" }), el("small", {}, PHOTO[kind]()));
  });
  return section(t("照片"), el("div", { class: "photos" }, ...shown));
}

/** How each thing that was said with a step is told. @type {Record<string, (told: string) => string | never[]>} */
const TOLD = {
  reason: (code) => words.reason(code),
  handler: (name) => name,
  from: (code) => (code ? t("从 {code} 转来", { code }) : []),
  grade: (code) => words.grade(code),
  satisfaction: (code) => words.satisfaction(code),
  due_at: (iso) => t("新期限 {when}", { when: when(iso) ?? "" }),
  taken_at: (iso) => t("当时没有网络，实际在 {when}", { when: when(iso) ?? "" }),
};

/** What was said with one step, in words. @param {IssueEvent} event */
export function saidWith({ detail, level, kind, actor }) {
  const parts = Object.entries(detail ?? {}).flatMap(([name, told]) => TOLD[name]?.(told) ?? []);
  if (MOVES.has(kind) && level) parts.push(words.level(level));
  if (actor && !SYSTEM.has(actor)) parts.push(t("经办 {name}", { name: actor }));
  return parts.length ? el("p", { class: "hint" }, said(parts.join(" · "))) : null;
}

/** What a step means, for those who are not of the desk. @type {Record<string, () => string>} */
const MEANT = {
  hand_back: () => t("接到的人说不归他管，已退回社区重新安排"),
  settle_ground: () => t("社区核定了这件事归哪个网格办"),
  pass_over: () => t("转给了另一个网格办"),
  pass_on: () => t("交给了处置部门办"),
  dispatch: () => t("交给了处置部门办"),
  escalate: () => t("已请上一级来办"),
  suspend: () => t("暂时办不了，到期再办"),
  rework: () => t("核查没有通过，重新办"),
};

/** A step explained to a resident. @param {IssueEvent} event */
export function plainly({ kind }) {
  const known = "signedIn" in document.documentElement.dataset ? null : MEANT[kind];
  return known ? el("p", { class: "hint" }, known()) : null;
}

const MOVES = new Set(["escalate", "bring_down"]);
const SYSTEM = new Set(["web", "demo", "worker", "resident", "12345", "import", "clock"]);
