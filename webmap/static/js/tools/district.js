/** The district's numbers at the head of the panel. */

import { ask } from "../api.js";
import { count } from "../format.js";
import { lang } from "../i18n.js";
import { page } from "../state.js";

/** @param {L.Map} _map @param {{url: string}} settings */
export default function start(_map, { url }) {
  page.on("data", () => show(url));
  return show(url);
}

/** @param {string} url */
async function show(url) {
  const district = /** @type {District | null} */ (await ask(url).catch(() => null));
  if (!district) return;
  const { issues, unplaced_issues: unplaced, ...totals } = district.totals;
  write("total", totals);
  write("issues", { ...issues, open: issues.open + issues.escalated, unplaced });
}

/** @param {string} kind @param {Record<string, number>} numbers */
function write(kind, numbers) {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`[data-${kind}]`))) {
    const number = numbers[place.dataset[kind] ?? ""];
    if (number !== undefined) place.textContent = count(number, lang);
  }
}
