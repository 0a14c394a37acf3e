/** Plans that wait for whoever is signed in, and news of their own: numbers in the bar, and a line
 * on the page where one lands. */

import { ask } from "./api.js";
import { keptTrue, number, onMenu } from "./bar-numbers.js";
import { byId, el, icon } from "./dom.js";
import { count } from "./format.js";
import { lang, t } from "./i18n.js";

const PLANS = 'a.menu-link[href="/redraws"]';
const NEWS = 'a.menu-link[href="/account/notices"]';

/** @typedef {Record<"submitted" | "returned" | "conflicted", number | undefined>} Waiting */

/** @type {[keyof Waiting, (count: string) => string][]} */
const LINES = [
  ["submitted", (many) => t("{count} 个调整方案等您审批", { count: many })],
  ["returned", (many) => t("{count} 个调整方案退回给您修改", { count: many })],
  ["conflicted", (many) => t("{count} 个调整方案到期没能发布，要您来看", { count: many })],
];

/** Show the numbers, and keep them true while the page is looked at. */
export function tellPlanNews() {
  if ("laidUp" in document.documentElement.dataset || !document.querySelector(PLANS)) return;
  keptTrue(find);
}

async function find() {
  try {
    const { waiting, unread } = await ask("/api/redraws/news");
    show(waiting, unread);
  } catch {
    return; // it stands as it was
  }
}

/** @param {Waiting} waiting @param {number} unread */
function show(waiting, unread) {
  const all = LINES.reduce((sum, [state]) => sum + (waiting[state] ?? 0), 0);
  number(document.querySelector(PLANS), "waits", all ? count(all, lang) : "", t("个方案等您处理"));
  number(document.querySelector(NEWS), "waits", unread ? count(unread, lang) : "", t("条方案动态没看过"));
  onMenu("plans", all + unread);
  describe(byId("menu-button"), all, unread);
  if (location.pathname === "/coverage") line(waiting);
}

/** Beside its name the button of the menu says which plans wait inside.
 * @param {HTMLElement} button @param {number} waiting @param {number} unread */
function describe(button, waiting, unread) {
  const words = [waiting ? [count(waiting, lang), t("个方案等您处理")] : [], unread ? [count(unread, lang), t("条方案动态没看过")] : []];
  if (words.flat().length) button.setAttribute("aria-description", words.flat().join(" "));
  else button.removeAttribute("aria-description");
}

/** @param {Waiting} waiting */
function line(waiting) {
  document.getElementById("plans-wait")?.remove();
  const told = LINES.flatMap(([state, word]) => (waiting[state] ? [el("a", { href: `/redraws?state=${state}` }, icon("copy"), word(count(waiting[state] ?? 0, lang)))] : []));
  if (told.length) document.querySelector(".panel-head, main.sheet")?.prepend(el("p", { class: "plans-wait", id: "plans-wait", role: "status" }, ...told));
}
