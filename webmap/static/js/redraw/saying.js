/** What is said to the street with a plan: kept while one goes back and forth, asked for where it is due. */

import { el } from "../dom.js";
import { t } from "../i18n.js";

/** What was written and not handed in yet, by the plan's id. @type {Map<string, string>} */
const written = new Map();

/** What goes along when this is handed in. @param {DrawnPlan} plan */
export function noteOf({ public_id: id, note = "" }) {
  return (written.get(id) ?? note).trim();
}

/** The plan was handed in. @param {string} id */
export function handedIn(id) {
  written.delete(id);
}

/** @param {DrawnPlan} plan */
export function noteField(plan) {
  const due = Boolean(plan.owes_answer);
  const note = el("textarea", { id: "plan-note", rows: 2, maxlength: 1000, required: due, oninput: () => void written.set(plan.public_id, note.value) });
  note.value = written.get(plan.public_id) ?? plan.note ?? "";
  return el("label", { class: "move-asked" },
    el("span", {}, due ? t("为什么不改（退回以后还没有改过，要写明）") : t("给街道的说明（可以不填）")), note);
}

/** Whether this cannot be handed in before a word is said. @param {DrawnPlan} plan */
export function lacksWord(plan) {
  return Boolean(plan.owes_answer) && !noteOf(plan);
}

/** Lead to where it is written. */
export function leadToNote() {
  const note = document.getElementById("plan-note");
  note?.scrollIntoView({ block: "center" });
  note?.focus({ preventScroll: true });
}
