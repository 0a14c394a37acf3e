/** What is wrong with the report, said beside the field that it is about. */

import { byId } from "./dom.js";

const problem = byId("problem");
const choices = byId("choices");

/** What the complaint is about. @type {HTMLElement | null} */
let blamed = null;

/** Say what is wrong, beside the field that it is about, and go there.
 * @param {string} said @param {HTMLElement} [field] */
export function complain(said, field) {
  blame(field ?? null);
  problem.textContent = said;
  problem.hidden = !said;
  field?.focus({ preventScroll: true });
  field?.scrollIntoView({ block: "center" });
}

/** Tie the complaint to a field; to none, and it stands above the button.
 * @param {HTMLElement | null} field */
function blame(field) {
  if (blamed) describe(blamed, false);
  blamed = field;
  if (field) describe(field, true);
  const part = field?.closest(".field, .agree, .kinds, .report-map, .photo-field");
  if (!part) choices.before(problem);
  else if (part.matches(".field, .agree, .photo-field")) part.after(problem);
  else part.before(problem);
}

/** @param {HTMLElement} field @param {boolean} wrong */
function describe(field, wrong) {
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== problem.id);
  const told = wrong ? [problem.id, ...others] : others;
  if (told.length) field.setAttribute("aria-describedby", told.join(" "));
  else field.removeAttribute("aria-describedby");
  if (field.matches("input:not([type=radio], [type=checkbox]), textarea")) field.toggleAttribute("aria-invalid", wrong);
  if (field.hasAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
}

/** What is complained of now. */
export function complained() {
  return problem.textContent;
}
