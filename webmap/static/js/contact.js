/** How to reach the reporter of an issue: masked, and in full for a reason that is recorded. */

import { ask, sentence } from "./api.js";
import { el, fill } from "./dom.js";
import { pairs, section } from "./facts.js";
import { said, t } from "./i18n.js";

/** @typedef {{kind: string, label: string, value: string}} Fact */

const SHORTEST = 4;

/** The section for those who handle issues, filled when the answer is there; nothing for anybody else.
 * @param {string} id of the issue */
export function contactSection(id) {
  if (document.body.dataset.contact === undefined) return null;
  const place = el("div", { class: "contact" });
  const whole = section(t("联系方式"), place);
  whole.hidden = true;
  load(whole, place, `/api/issues/${encodeURIComponent(id)}/contact`);
  return whole;
}

/** @param {HTMLElement} whole @param {HTMLElement} place @param {string} url */
async function load(whole, place, url) {
  try {
    const { facts } = /** @type {{facts: Fact[]}} */ (await ask(url));
    if (!facts.length) return;
    fill(place, table(facts), opener(place, facts, url));
  } catch (error) {
    fill(place, el("p", { role: "alert" }, sentence(error)));
  }
  whole.hidden = false;
}

/** @param {Fact[]} facts */
function table(facts) {
  return pairs(facts.map(({ kind, label, value }) => [label || word(kind), value]));
}

/** @param {string} kind */
function word(kind) {
  if (kind === "name") return t("称呼");
  return kind === "phone" ? t("电话") : t("其他");
}

/** The button that asks for the reason, for those who may read the whole. @param {HTMLElement} place @param {Fact[]} facts @param {string} url */
function opener(place, facts, url) {
  const open = () => {
    const form = asking(place, url);
    fill(place, table(facts), form);
    form.querySelector("input")?.focus();
  };
  if (document.body.dataset.contact !== "whole") return "";
  return el("button", { type: "button", class: "button", onclick: open }, t("查看完整联系方式"));
}

/** @param {HTMLElement} place @param {string} url */
function asking(place, url) {
  const reason = el("input", { id: "contact-reason", type: "text", minlength: SHORTEST, maxlength: 200, autocomplete: "off", required: true });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    try {
      const body = { reason: reason.value.trim() };
      const { facts } = /** @type {{facts: Fact[]}} */ (await ask(url, { body }));
      fill(place, table(facts), el("p", { class: "hint", role: "status" }, t("这次查看和理由已记入审计。")));
    } catch (error) {
      problem.textContent = sentence(error);
      problem.hidden = false;
    }
  };
  return el("form", { class: "contact-form", onsubmit: submit },
    el("label", { for: "contact-reason" }, t("为什么要看？写明理由，会记入审计。")),
    reason, problem,
    el("button", { class: "button strong", type: "submit" }, said(t("查看"))));
}
