/** Single buildings on the coverage map: the way to them from afar, and what a press on one tells. */

import { ask, sentence } from "./api.js";
import { el } from "./dom.js";
import { count } from "./format.js";
import { lang, said, t, woven } from "./i18n.js";
import { showNotice } from "./notice.js";
import { coverage } from "./sheet.js";
import { centre, middle } from "./tools/view.js";

const EDGE = 16;

/** Go near the buildings of the grid that lies closest to the middle of what is seen.
 * @param {L.Map} map @param {[number, number][]} labels longitude and latitude of grids with buildings
 * @param {number} zoom */
export function approachBuildings(map, labels, zoom) {
  const at = middle(map);
  const away = (/** @type {[number, number]} */ [lon, lat]) => at.distanceTo([lat, lon]);
  const [lon, lat] = labels.reduce((a, b) => (away(b) < away(a) ? b : a), labels[0] ?? [at.lng, at.lat]);
  centre(map, lat, lon, zoom);
}

/** Tell of the building at a place: its group, grid and households; nothing where there is none.
 * @param {L.Map} map @param {L.LatLng} at */
export async function tellBuilding(map, at) {
  const { lat, lng: lon } = at.wrap();
  try {
    const { building, grid } = await ask("/api/at", { params: { lon, lat } });
    map.closePopup();
    if (building) opened(map, at, described(building, grid));
  } catch (error) {
    showNotice(sentence(error));
  }
}

/** @param {BuildingFacts} building @param {{code: string, name: string} | null} grid */
function described(building, grid) {
  const group = building.party_group;
  const where = grid && el("a", { href: `/grids/${encodeURIComponent(grid.code)}` }, said(grid.name));
  return el("div", { class: "cover-building" },
    el("b", {}, said(building.name || building.address) ?? t("楼栋|1")),
    el("p", {}, ...(group ? woven(t("党小组：{name}"), { name: said(group.name) }) : [t("没有党小组")])),
    el("p", {}, ...(where ? woven(t("网格：{name}"), { name: where }) : [t("不在任何网格内。")])),
    el("p", {}, t("{count} 户", { count: count(building.households, lang) })));
}

/** @param {L.Map} map @param {L.LatLng} at @param {HTMLElement} told */
function opened(map, at, told) {
  L.popup({ autoPanPaddingTopLeft: [EDGE, EDGE], autoPanPaddingBottomRight: [EDGE, coverage() + EDGE] })
    .setLatLng(at).setContent(told).openOn(map);
}
