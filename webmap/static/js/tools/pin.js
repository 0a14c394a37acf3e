/** The pin of a report: set by a tap, moved by dragging, told to the form. */

import { ask } from "../api.js";
import { holdsPoint } from "../geometry.js";
import { t } from "../i18n.js";
import { needle } from "../marks.js";
import { palette } from "../palette.js";
import { place } from "../place.js";
import { page } from "../state.js";

const NEAR = 17;
const COARSE = 16;
const COARSE_M = 80;

/** @param {L.Map} map @param {{place: string, extent: Box, station?: boolean}} settings */
export default function start(map, { place: url, extent, station }) {
  const [west, south, east, north] = extent;
  map.fitBounds([[south, west], [north, east]], { animate: false, padding: [4, 4] });
  const pin = L.marker([0, 0], { icon: needle(), draggable: true, autoPan: true, title: station ? t("服务点的位置") : t("出问题的地方") });
  /** @param {number} lon @param {number} lat */
  const set = (lon, lat) => place.set({ lon, lat, label: t("地图上选的点") }, "map");
  map.on("click", ({ latlng: { lat, lng } }) => set(lng, lat));
  pin.on("dragend", () => set(pin.getLatLng().lng, pin.getLatLng().lat));
  page.addEventListener("arrive", (event) => {
    const { lon, lat } = /** @type {CustomEvent} */ (event).detail;
    set(lon, lat);
  });
  /** @param {import("../place.js").Finder} by */
  const changed = (by) => {
    if (by !== "check") show(map, pin, by);
    if (place.current && place.current.inside === undefined) place.checking = check(url, extent, by === "map");
  };
  place.on(changed);
  const about = L.layerGroup().addTo(map);
  place.onAround((around) => {
    about.clearLayers();
    drawn(around).forEach((mark) => mark.addTo(about));
  });
  place.onLook((view) => {
    if ("bbox" in view) map.fitBounds([[view.bbox[1], view.bbox[0]], [view.bbox[3], view.bbox[2]]], { animate: false, padding: [4, 4] });
    else map.setView([view.lat, view.lon], view.zoom);
  });
  changed("form");
}

/**
 * Find out whether the place lies in the district, and what stands there. Without an answer
 * the place stays as it is: the server decides.
 * @param {string} url @param {Box} extent @param {boolean} naming whether to name it by what stands there
 */
async function check(url, extent, naming) {
  const chosen = place.current;
  if (!chosen) return;
  const { lon, lat } = chosen;
  if (!holdsPoint(extent, lon, lat)) return place.set({ ...chosen, inside: false }, "check");
  const facts = /** @type {PlaceFacts | null} */ (await ask(url, { params: { lon, lat } }).catch(() => null));
  if (!facts || place.current !== chosen) return;
  const named = naming ? { label: nameOf(facts), building_id: facts.building?.id ?? null } : {};
  place.set({ ...chosen, ...named, inside: Boolean(facts.grid || facts.community) }, "check");
}

/** @param {L.Map} map @param {L.Marker} pin @param {"map" | "form"} by */
function show(map, pin, by) {
  const here = place.current;
  if (!here) return void pin.remove();
  pin.setLatLng([here.lat, here.lon]).addTo(map);
  if (by === "form" || map.getZoom() < COARSE) map.setView([here.lat, here.lon], Math.max(NEAR, map.getZoom()));
}

/** How far about the public would see the place, and what was reported near it. @param {import("../place.js").Around} around */
function drawn({ coarse, alike }) {
  const { tier, accent } = palette();
  const others = alike.map(({ lon, lat }) => L.circleMarker([lat, lon], { radius: 8, color: accent, weight: 3, fillOpacity: 0.25, interactive: false }));
  if (!coarse) return others;
  return [L.circle([coarse.lat, coarse.lon], { radius: COARSE_M, color: tier, weight: 2, dashArray: "4 4", interactive: false }), ...others];
}

/** @param {PlaceFacts} facts */
function nameOf({ building, grid, community, rule }) {
  const near = building?.name || building?.address;
  const beside = grid && rule === "near" ? t("不在任何网格内，最近的是{name}", { name: grid.name }) : null;
  const parts = [near, beside ?? grid?.name ?? community?.name].filter(Boolean);
  return parts.join(t("，")) || t("地图上选的点");
}
