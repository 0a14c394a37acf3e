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
  const totals = /** @type {Record<string, any>} */ (district.totals);
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-total]"))) {
    const number = totals[place.dataset.total ?? ""];
    if (typeof number !== "number") continue;
    place.textContent = count(number, lang);
    const name = /** @type {HTMLElement | null} */ (place.nextElementSibling);
    if (number === 1 && name?.dataset.one) name.textContent = name.dataset.one;
  }
}
