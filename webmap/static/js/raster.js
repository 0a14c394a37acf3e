/** Base maps made of pictures: from other servers, or out of a PMTiles file of ours. */

import { anchor } from "./anchor.js";
import { reader } from "./archive.js";
import { retrying } from "./retry.js";

/** @typedef {import("./basemap.js").BaseMap} BaseMap */

/** Lay the pictures into a pane of the map. @param {L.Map} map @param {string} pane @param {BaseMap} base */
export function layPictures(map, pane, base) {
  const how = options(pane, base);
  const layers = base.archive ? [fromArchive(base.archive, how)] : base.templates.map((one) => fromServer(one, how));
  for (const layer of layers) {
    anchor(layer, base.datum);
    layer.addTo(map);
  }
}

/** @param {string} pane @param {BaseMap} base @returns {L.GridLayerOptions} */
function options(pane, { min_zoom: minZoom, max_zoom: maxNativeZoom }) {
  return { pane, minZoom, maxNativeZoom, maxZoom: 30, noWrap: true };
}

/** @param {BaseMap["templates"][number]} template @param {L.GridLayerOptions} how */
function fromServer({ url, servers }, how) {
  // The host learns which site asks, as keys and terms of use want it, but not which page.
  const layer = L.tileLayer(url, { ...how, subdomains: servers, referrerPolicy: "strict-origin" });
  const inner = /** @type {any} */ (layer);
  retrying(layer, (tile, coords) => {
    if (coords.z === inner._tileZoom) tile.src = inner.getTileUrl(coords);
  });
  return layer;
}

/** @param {string} url @param {L.GridLayerOptions} how */
function fromArchive(url, how) {
  const archive = reader(url);
  const Pictures = L.GridLayer.extend({
    /** @param {L.Coords} coords @param {L.DoneCallback} done */
    createTile(coords, done) {
      const tile = document.createElement("img");
      tile.alt = "";
      tile.onload = () => {
        URL.revokeObjectURL(tile.src);
        done(undefined, tile);
      };
      tile.onerror = () => done(new Error(url), tile);
      show(archive, tile, coords);
      return tile;
    },
  });
  const layer = /** @type {L.GridLayer} */ (new /** @type {any} */ (Pictures)(how));
  retrying(layer, (tile, coords) => show(archive, tile, coords));
  return layer;
}

/** @param {import("./archive.js").Reader} archive @param {HTMLImageElement} tile @param {L.Coords} coords */
async function show(archive, tile, { x, y, z }) {
  try {
    const found = await archive.getZxy(z, x, y);
    if (found) tile.src = URL.createObjectURL(new Blob([found.data]));
    else tile.dispatchEvent(new Event("load"));
  } catch {
    tile.dispatchEvent(new Event("error"));
  }
}
