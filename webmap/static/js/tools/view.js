/** Where the map stands: the district first, then wherever the address says. */

import { readPlace, writePlace } from "../geometry.js";

const EDGE = 8;
const CALM = "(prefers-reduced-motion: reduce)";

/** @param {L.Map} map @param {{extent: Box}} settings */
export default function start(map, { extent }) {
  const [west, south, east, north] = extent;
  const whole = L.latLngBounds([south, west], [north, east]);
  if (!follow(map)) map.fitBounds(whole, { animate: false, ...room(map) });
  keep(map);
  map.on("moveend", () => keep(map));
  map.on("whole", () => map.fitBounds(whole, room(map)));
  addEventListener("hashchange", () => follow(map));
  addEventListener("popstate", () => follow(map));
}

/** Leave a small edge, and room for the sheet on a phone. @param {L.Map} map @returns {L.FitBoundsOptions} */
function room(map) {
  return { paddingTopLeft: [EDGE, EDGE], paddingBottomRight: [EDGE, covered(map) + EDGE] };
}

/** How much of the map's lower part something lies on, in pixels. @param {L.Map} map */
export function covered(map) {
  const panel = document.getElementById("panel");
  if (!panel || innerWidth >= 720) return 0;
  const ground = map.getContainer().getBoundingClientRect();
  const share = ground.bottom - panel.getBoundingClientRect().top;
  return Math.max(0, Math.min(share, ground.height * 0.6));
}

/**
 * Bring a place into the open part of the map, moving no more than needed.
 * @param {L.Map} map @param {number} lat @param {number} lon @param {number} [zoom] at least this near
 */
export function bringIntoView(map, lat, lon, zoom = 0) {
  const nearer = Math.max(map.getZoom(), zoom);
  const size = map.getSize();
  const open = size.y - covered(map);
  const at = map.latLngToContainerPoint([lat, lon]);
  const edge = 48;
  const visible = at.x > edge && at.y > edge && at.x < size.x - edge && at.y < open - edge;
  if (visible && nearer === map.getZoom()) return;
  centre(map, lat, lon, nearer);
}

/** Bring a box into the open part of the map, as near as it fits.
 * @param {L.Map} map @param {Box} box @param {number} nearest the largest zoom */
export function bringBoxIntoView(map, [west, south, east, north], nearest) {
  const bounds = L.latLngBounds([south, west], [north, east]);
  map.fitBounds(bounds, { ...room(map), maxZoom: nearest, animate: !matchMedia(CALM).matches });
}

/** Bring a place into the middle of the open part of the map.
 * @param {L.Map} map @param {number} lat @param {number} lon @param {number} zoom */
export function centre(map, lat, lon, zoom) {
  const target = map.project([lat, lon], zoom).add([0, covered(map) / 2]);
  map.setView(map.unproject(target, zoom), zoom, { animate: !matchMedia(CALM).matches });
}

/** @param {L.Map} map */
function follow(map) {
  const place = readPlace(location.hash);
  if (!place) return false;
  const { lat, lng } = map.getCenter();
  if (writePlace(map.getZoom(), lat, lng) === location.hash) return true;
  map.setView([place.lat, place.lon], place.zoom, { animate: false });
  return true;
}

/** @param {L.Map} map */
function keep(map) {
  const { lat, lng } = map.getCenter();
  history.replaceState(history.state, "", `${location.pathname}${location.search}${writePlace(map.getZoom(), lat, lng)}`);
}
