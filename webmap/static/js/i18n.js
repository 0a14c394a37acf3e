/** The page's language. Chinese is the source; other languages come as one file of texts. */

import { fillIn } from "./format.js";

/** @type {Lang} */
export const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
export const timeZone = document.documentElement.dataset.timezone || "Asia/Shanghai";

const texts = await load();

/**
 * The text in the page's language, with its `{names}` filled in.
 * @param {string} text @param {Record<string, string | number>} [values]
 */
export function t(text, values = {}) {
  return fillIn(texts[text] || text, values);
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
