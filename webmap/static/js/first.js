/**
 * Asks for what the map will show as soon as its place on the page is known, while the libraries
 * and the tools are still on their way. Where it reckons wrongly, a tool asks again.
 */

import { GRIDS_FROM, HALF_SHARE, around, boxOfView, fitting, room, tilesOf } from "./frame.js";
import { readPlace, written } from "./geometry.js";
import { asked, readFilter } from "./narrowing.js";
import { question } from "./question.js";

const ROOMY = "(width >= 1100px) and (height >= 640px)";
const NARROW_PX = 720;

const lang = document.documentElement.lang.startsWith("en") ? "en" : "zh";
const early = (window.askedEarly = new Map());

/** The settings of a tool of this page. @param {string} tool @returns {any} */
function settings(tool) {
  const place = document.querySelector(`template[data-tool="${tool}"]`);
  return place instanceof HTMLElement ? JSON.parse(place.dataset.settings ?? "{}") : null;
}

/** @param {string} url */
function ask(url) {
  const answer = fetch(url);
  answer.catch(() => {});
  early.set(url, answer);
}

/** What the map will show. @param {Box} extent @param {{x: number, y: number}} size */
function viewOf(extent, size) {
  const sheet = document.getElementById("panel") && innerWidth < NARROW_PX;
  const high = document.getElementById("panel")?.parentElement?.clientHeight ?? 0;
  return readPlace(location.hash) ?? fitting(extent, size, room(matchMedia(ROOMY).matches, sheet ? high * HALF_SHARE : 0));
}

/** @param {HTMLElement} map @param {Box} extent */
function begin(map, extent) {
  const size = { x: map.clientWidth, y: map.clientHeight };
  const view = viewOf(extent, size);
  const box = written(around(boxOfView(view, size), view.zoom));
  const [tiers, issues, base] = ["tiers", "issues", "base"].map(settings);
  const filter = readFilter(new URLSearchParams(location.search));
  if (tiers && view.zoom >= GRIDS_FROM) ask(question(`${tiers.url}/grids`, { bbox: box, figures: "false" }, lang));
  if (issues && filter.state !== "unplaced") ask(question(issues.url, { bbox: box, zoom: Math.floor(view.zoom), whole: "true", ...asked(filter) }, lang));
  if (!base) return;
  for (const tile of tilesOf(view, size, base.largest_zoom)) {
    ask(base.url.replace(/\{([zxy])\}/g, (/** @type {string} */ _whole, /** @type {"z"} */ name) => String(tile[name])));
  }
}

const map = document.querySelector(".map");
const view = settings("view");
if (map instanceof HTMLElement && view) begin(map, view.extent);
