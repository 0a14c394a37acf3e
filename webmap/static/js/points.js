/** Marks on the map as a reader meets them: found, named, pointed at, opened. Issues or clusters. */

import { asIcon } from "./marks.js";

const NEAREST = 19;
const RADIUS = 56;

/** @typedef {import("supercluster")<PointProps, ClusterProps>} Clusters */

/** The points in clusters for every zoom. @param {Point[]} points @returns {Clusters} */
export function clustered(points) {
  const index = new Supercluster(
    /** @type {any} */ ({
      radius: RADIUS,
      maxZoom: NEAREST,
      map: (/** @type {PointProps} */ { overdue }) => ({ count: 1, overdue: overdue ? 1 : 0 }),
      reduce: (/** @type {ClusterProps} */ sum, /** @type {ClusterProps} */ one) => {
        sum.count += one.count;
        sum.overdue += one.overdue;
      },
    }),
  );
  return /** @type {any} */ (index.load(points));
}

/** @param {Point | ServerCluster} feature @returns {feature is ServerCluster} */
export function isCluster(feature) {
  return "count" in feature.properties;
}

/** What tells one mark from the others. @param {Point | ServerCluster} feature */
export function keyOf(feature) {
  return isCluster(feature) ? `cluster ${feature.geometry.coordinates.join(" ")}` : feature.properties.id;
}

/** Whether such a key is a cluster's. @param {string} key */
export const isOfMany = (key) => key.startsWith("cluster");

/**
 * A marker that is a named button: it acts by click as by key, and what the pointer or the focus
 * is on is told.
 * @param {Point | ServerCluster} feature @param {{mark: HTMLElement, label: string}} look
 * @param {{open: (byKey: boolean) => void, light: (on: boolean) => void}} acts
 */
export function markerOf(feature, { mark, label }, { open, light }) {
  const [lon, lat] = feature.geometry.coordinates;
  const marker = L.marker([lat, lon], { icon: asIcon(mark), title: label, alt: label, riseOnHover: true });
  marker.on("add", () => {
    const element = marker.getElement();
    element?.setAttribute("aria-label", label);
    element?.setAttribute("role", "button");
    element?.setAttribute("data-mark", keyOf(feature));
    element?.addEventListener("focus", () => light(true));
    element?.addEventListener("blur", () => light(false));
  });
  marker.on("click", () => open(false));
  marker.on("mouseover", () => light(true));
  marker.on("mouseout", () => light(false));
  marker.on("keydown", (/** @type {L.LeafletKeyboardEvent} */ { originalEvent }) => {
    if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
    originalEvent.preventDefault();
    open(true);
  });
  return marker;
}

/** Put marks into reading order, line by line from the top: the order in which keys meet them.
 * @param {L.Map} map @param {L.Marker[]} markers */
export function inReadingOrder(map, markers) {
  const LINE = 48;
  const placed = markers.map((marker) => ({ element: marker.getElement(), at: map.latLngToContainerPoint(marker.getLatLng()) }));
  placed.sort((a, b) => Math.floor(a.at.y / LINE) - Math.floor(b.at.y / LINE) || a.at.x - b.at.x);
  if (placed.some(({ element }) => element === document.activeElement)) return;
  const pane = map.getPane("markerPane");
  pane?.append(...placed.flatMap(({ element }) => element ?? []));
}
