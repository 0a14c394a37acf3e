/**
 * Tiles of another datum, laid so that they meet our data.
 *
 * The shift between the datums changes by some metres a kilometre. It is taken at the middle of the
 * view and taken anew while the map moves: right in the middle, a few pixels off at the edges.
 */

import { inDatum } from "./datum.js";

/** @typedef {any} Inner a grid layer with its inner methods, which Leaflet's types do not know */

/** @param {L.GridLayer} layer @param {"WGS84" | "GCJ02"} datum */
export function anchor(layer, datum) {
  if (datum === "WGS84") return;
  const inner = /** @type {Inner} */ (layer);
  const { _setZoomTransform: lay, _getTiledPixelBounds: reach } = inner;
  const there = (/** @type {L.LatLng} */ { lng, lat }) => {
    const [lon, north] = inDatum(datum, lng, lat);
    return L.latLng(north, lon);
  };
  inner._setZoomTransform = (/** @type {any} */ level, /** @type {L.LatLng} */ centre, /** @type {number} */ zoom) => {
    lay.call(layer, level, there(centre), zoom);
  };
  inner._getTiledPixelBounds = (/** @type {L.LatLng} */ centre) => reach.call(layer, there(centre));
  layer.on("add", () => followed(inner));
}

/** Keep the layer in place while the map is dragged. @param {Inner} layer */
function followed(layer) {
  const map = layer._map;
  const again = () => {
    if (!map._animatingZoom) layer._setZoomTransforms(map.getCenter(), map.getZoom());
  };
  map.on("move moveend", again);
  layer.on("remove", () => map.off("move moveend", again));
}
