/** Where the map stands: the district first, then wherever the address says. */

import { room as free } from "../frame.js";
import { readPlace, writePlace } from "../geometry.js";
import { coverage, isRoomy } from "../sheet.js";

const SURROUNDINGS = 40;
const GAP = 24;
const LARGE_ENOUGH = 0.5;
const CALM = "(prefers-reduced-motion: reduce)";
/** Maps on their way to another zoom: until they are there they take no other word, and forget it.
 * @type {WeakSet<L.Map>} */
const zooming = new WeakSet();
let placed = false;

/** @param {L.Map} map @param {{extent: Box}} settings */
export default function start(map, { extent }) {
  const [west, south, east, north] = extent;
  const whole = L.latLngBounds([south, west], [north, east]);
  const named = document.getElementById(location.hash.slice(1));
  placed = follow(map);
  if (!placed) map.fitBounds(whole, { animate: false, ...room() });
  keep(map);
  named?.scrollIntoView(); // the map's place has taken that of its name in the address
  map.on("zoomanim", () => void zooming.add(map));
  map.on("zoomend", () => void zooming.delete(map));
  map.on("moveend", () => keep(map));
  map.on("whole", () => map.fitBounds(whole, room()));
  addEventListener("hashchange", () => follow(map) || keep(map));
  addEventListener("popstate", () => follow(map));
}

/** Whether the address told where the map stands when the page opened. */
export function wasPlaced() {
  return placed;
}

/** Leave a small edge, and room for the sheet on a phone and for the legend on a desk. @returns {L.FitBoundsOptions} */
function room() {
  const [paddingTopLeft, paddingBottomRight] = free(isRoomy(), coverage());
  return { paddingTopLeft, paddingBottomRight };
}

/**
 * Bring a place into the open part of the map, moving no more than needed.
 * @param {L.Map} map @param {number} lat @param {number} lon @param {number} [zoom] at least this near
 */
export function bringIntoView(map, lat, lon, zoom = 0) {
  const nearer = Math.max(map.getZoom(), zoom);
  const size = map.getSize().subtract([beside(), 0]);
  const open = size.y - coverage();
  const at = map.latLngToContainerPoint([lat, lon]);
  const edge = 48;
  const visible = at.x > edge && at.y > edge && at.x < size.x - edge && at.y < open - edge;
  if (visible && nearer === map.getZoom()) return;
  centre(map, lat, lon, nearer);
}

/** Bring a box into the open part of the map, as near as it fits; nothing moves where it is seen
 * wholly and large enough. @param {L.Map} map @param {Box} box @param {number} nearest the largest zoom */
export function bringBoxIntoView(map, [west, south, east, north], nearest) {
  const bounds = L.latLngBounds([south, west], [north, east]);
  const open = map.getSize().subtract([beside(), coverage()]);
  const [from, to] = [map.latLngToContainerPoint(bounds.getNorthWest()), map.latLngToContainerPoint(bounds.getSouthEast())];
  const seen = from.x >= 0 && from.y >= 0 && to.x <= open.x && to.y <= open.y;
  const fitting = map.getBoundsZoom(bounds, false, L.point(2 * SURROUNDINGS + beside(), 2 * SURROUNDINGS + coverage()));
  if (seen && Math.min(fitting, nearest) - map.getZoom() < LARGE_ENOUGH) return;
  const middle = bounds.getCenter();
  centre(map, middle.lat, middle.lng, Math.min(fitting, nearest));
}

/** Bring a place into the middle of the open part of the map.
 * @param {L.Map} map @param {number} lat @param {number} lon @param {number} zoom */
export function centre(map, lat, lon, zoom) {
  const target = map.project([lat, lon], zoom).add([beside() / 2, coverage() / 2]);
  map.setView(map.unproject(target, zoom), zoom, { animate: !matchMedia(CALM).matches });
}

/** What a map shows, with what lies under a sheet. @param {L.Map} map @returns {Box} */
export function boxIn(map) {
  const view = map.getBounds();
  return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
}

/** What lies in the middle of the open part of the map. @param {L.Map} map @returns {L.LatLng} */
export function middle(map) {
  return map.containerPointToLatLng(map.getSize().subtract([beside(), coverage()]).divideBy(2));
}

/** How much of the map's right side the legend lies on, in pixels. */
function beside() {
  const legend = document.querySelector("#top-right #legend:not([hidden])");
  return legend instanceof HTMLElement && isRoomy() ? legend.offsetWidth + GAP : 0;
}

/** Bring the map to where the address says. @param {L.Map} map @returns {boolean} whether it says where */
export function follow(map) {
  const place = readPlace(location.hash);
  if (!place) return false;
  const { lat, lng } = map.getCenter();
  if (writePlace(map.getZoom(), lat, lng) === location.hash) return true;
  if (zooming.has(map)) map.once("zoomend", () => void follow(map));
  else map.setView([place.lat, place.lon], place.zoom, { animate: false });
  return true;
}

/** @param {L.Map} map */
function keep(map) {
  const { lat, lng } = map.getCenter();
  history.replaceState(history.state, "", `${location.pathname}${location.search}${writePlace(map.getZoom(), lat, lng)}`);
}
