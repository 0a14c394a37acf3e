/** The page's language. Chinese is the source; other languages come as one file of texts. */

import { fillIn } from "./format.js";

/** @type {Lang} */
export const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
export const timeZone = document.documentElement.dataset.timezone || "Asia/Shanghai";

const FROM_THE_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const texts = await load();

/**
 * The text in the page's language, with its `{names}` filled in. One that ends in |1 is of
 * one thing only, which Chinese does not tell; where `{count}` is 1, it is taken by itself.
 * @param {string} text @param {Record<string, string | number>} [values]
 */
export function t(text, values = {}) {
  const one = String(values.count) === "1" && texts[`${text}|1`];
  return fillIn(one || texts[text] || text.replace(/\|1$/, ""), values);
}

/**
 * Names of places and residents' words, which stay as they are in every language: where the page
 * is not Chinese they are marked as Chinese, so that they are read aloud as what they are.
 * @param {string | null | undefined} text @returns {string | HTMLElement | null}
 */
export function said(text) {
  if (text && FROM_THE_RIGHT.test(text)) return apart(text);
  if (!text || lang === "zh" || !/\p{Script=Han}/u.test(text)) return text || null;
  const node = document.createElement("span");
  node.lang = "zh-CN";
  node.textContent = text;
  return node;
}

/** Text that runs from the right, kept from turning what stands beside it. @param {string} text */
function apart(text) {
  const node = document.createElement("bdi");
  node.textContent = text;
  return node;
}

/** A sentence of the server's with the Chinese in it marked. @param {string} text @returns {(string | HTMLElement)[]} */
export function marked(text) {
  return text.split(/(\p{Script=Han}+)/u).filter(Boolean).map((run) => said(run) ?? "");
}

/**
 * A sentence with such names in it: its parts in order.
 * @param {string} text the sentence, already in the page's language, with `{names}` left open
 * @param {Record<string, Node | string | null>} values @returns {(Node | string)[]}
 */
export function woven(text, values) {
  return text.split(/(\{\w+\})/).map((part) => values[part.slice(1, -1)] ?? part).filter((part) => part !== "");
}

/** @returns {Promise<Record<string, string>>} */
async function load() {
  if (lang === "zh") return {};
  try {
    const answer = await fetch(`/texts/${lang}.json`);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}
