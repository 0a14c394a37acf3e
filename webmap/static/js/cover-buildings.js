/** Single buildings on the coverage map: their colours, the way to them from afar, and what a press
 * on one tells. */

import { ask, sentence } from "./api.js";
import { inkBuildings } from "./building-ink.js";
import { el } from "./dom.js";
import { count } from "./format.js";
import { lang, said, t, woven } from "./i18n.js";
import { showNotice } from "./notice.js";
import { crossed, palette } from "./palette.js";
import { classOf, colours } from "./ramps.js";
import { coverage } from "./sheet.js";
import { centre, middle } from "./tools/view.js";

const EDGE = 16;

/** Let all buildings look alike: what is coloured are areas. */
export function inkAlike() {
  inkBuildings(() => palette().building);
}

/** Fill each building by its own party group; hollow where its grid is none of these.
 * @param {CoverageAreas} areas the grids */
export function inkByGroup({ items }) {
  const known = new Set(items.map(({ id }) => id));
  inkBuildings(({ grid }) => (grid && !known.has(grid) ? palette().ground : null));
}

/** Fill each building by what its grid is worth, crossed where that is not known or it lies in none;
 * hollow where its grid is none of these.
 * @param {CoverageAreas} areas the grids */
export function inkByGrid({ items, measure: { ramp, bounds } }) {
  const classes = new Map(items.map(({ id, value }) => [id, value === null ? -1 : classOf(value, bounds)]));
  /** By the hatching's colour, which turns with the hour. @type {Map<string, string[]>} */
  const inks = new Map();
  inkBuildings(({ grid }) => {
    const { hatch, building, ground } = palette();
    if (!inks.has(hatch)) inks.set(hatch, [...colours(ramp), crossed(hatch, building)]);
    const found = grid ? classes.get(grid) : -1;
    return found === undefined ? ground : (inks.get(hatch)?.at(found) ?? building);
  });
}

/** Go near the buildings of the grid that lies closest to the middle of what is seen.
 * @param {L.Map} map @param {[number, number][]} labels longitude and latitude of grids with buildings
 * @param {number} zoom */
export function approachBuildings(map, labels, zoom) {
  const at = middle(map);
  const away = (/** @type {[number, number]} */ [lon, lat]) => at.distanceTo([lat, lon]);
  const [lon, lat] = labels.reduce((a, b) => (away(b) < away(a) ? b : a), labels[0] ?? [at.lng, at.lat]);
  centre(map, lat, lon, zoom);
}

/** Tell of the building at a place: its group, grid and households, and what its grid is worth; nothing
 * where there is none.
 * @param {L.Map} map @param {L.LatLng} at @param {(grid: string) => [string, string] | null} worth name and value of a measure */
export async function tellBuilding(map, at, worth) {
  const { lat, lng: lon } = at.wrap();
  try {
    const { building, grid } = await ask("/api/at", { params: { lon, lat } });
    map.closePopup();
    if (building) opened(map, at, described(building, grid, grid && worth(grid.code)));
  } catch (error) {
    showNotice(sentence(error));
  }
}

/** @param {BuildingFacts} building @param {{code: string, name: string} | null} grid @param {[string, string] | null} worth */
function described(building, grid, worth) {
  const group = building.party_group;
  const where = grid && el("a", { href: `/grids/${encodeURIComponent(grid.code)}` }, said(grid.name));
  return el("div", { class: "cover-building" },
    el("b", {}, said(building.name || building.address) ?? t("楼栋|1")),
    el("p", {}, ...(group ? woven(t("党小组：{name}"), { name: said(group.name) }) : [t("没有党小组")])),
    el("p", {}, ...(where ? woven(t("网格：{name}"), { name: where }) : [t("不在任何网格内。")])),
    worth && el("p", {}, t("{measure}（所在网格）：{value}", { measure: worth[0], value: worth[1] })),
    el("p", {}, t("{count} 户", { count: count(building.households, lang) })));
}

/** Tell of something at a place of the map, clear of the sheet. @param {L.Map} map @param {L.LatLng} at @param {HTMLElement} told */
export function opened(map, at, told) {
  L.popup({ autoPanPaddingTopLeft: [EDGE, EDGE], autoPanPaddingBottomRight: [EDGE, coverage() + EDGE] })
    .setLatLng(at).setContent(told).openOn(map);
}
