/** The pin of a report: set by a tap, moved by dragging, told to the form. */

import { newest } from "../api.js";
import { t } from "../i18n.js";
import { needle } from "../marks.js";
import { place } from "../place.js";
import { page } from "../state.js";

const NEAR = 17;
const COARSE = 16;

/** @param {L.Map} map @param {{place: string, extent: Box}} settings */
export default function start(map, { place: url, extent: [west, south, east, north] }) {
  map.fitBounds([[south, west], [north, east]], { animate: false });
  const pin = L.marker([0, 0], { icon: needle(), draggable: true, autoPan: true, alt: t("出问题的地方") });
  const ask = newest();
  /** @param {number} lon @param {number} lat */
  const set = async (lon, lat) => {
    place.set({ lon, lat, label: t("地图上选的点") }, "map");
    const facts = /** @type {PlaceFacts | null | undefined} */ (await ask(url, { params: { lon, lat } }).catch(() => null));
    if (facts) place.set({ lon, lat, label: named(facts), building_id: facts.building?.id ?? null }, "map");
  };
  map.on("click", ({ latlng: { lat, lng } }) => set(lng, lat));
  pin.on("dragend", () => set(pin.getLatLng().lng, pin.getLatLng().lat));
  page.addEventListener("arrive", (event) => {
    const { lon, lat } = /** @type {CustomEvent} */ (event).detail;
    set(lon, lat);
  });
  place.on((by) => show(map, pin, by));
  show(map, pin, "form");
}

/** @param {L.Map} map @param {L.Marker} pin @param {"map" | "form"} by */
function show(map, pin, by) {
  const here = place.current;
  if (!here) return void pin.remove();
  pin.setLatLng([here.lat, here.lon]).addTo(map);
  if (by === "form" || map.getZoom() < COARSE) map.setView([here.lat, here.lon], Math.max(NEAR, map.getZoom()));
}

/** @param {PlaceFacts} facts */
function named({ building, grid, community }) {
  const near = building?.name || building?.address;
  const parts = [near, grid?.name ?? community?.name].filter(Boolean);
  return parts.join(t("，")) || t("地图上选的点");
}
