/** The base map: our own vector tiles, drawn on canvas; or our buildings over the map of the settings. */

import { basemap } from "../basemap.js";
import { clearOfMarks, keepClear } from "../basenames.js";
import { onInk } from "../building-ink.js";
import { labelRules, labelRulesOver, paintRules, paintRulesOver } from "../cartography.js";
import { fetched } from "../early.js";
import { t } from "../i18n.js";
import { hideNotice, showNotice } from "../notice.js";
import { onTurn } from "../palette.js";
import { switches } from "../switches.js";

const RETRY_MS = 5000;
const PANE = "under";
const OVER = 0.62;

/** @param {L.Map} map @param {{url: string, largest_zoom: number, plain?: boolean}} settings */
export default function start(map, { url, largest_zoom: maxDataZoom, plain = false }) {
  const source = new Tiles(url);
  const coloured = () => !plain && switches.shown("buildings");
  const layer = /** @type {any} */ (protomapsL).leafletLayer({
    url: source,
    attribution: "",
    maxDataZoom,
    ...rules(map, coloured),
    noWrap: true,
  });
  source.onReturn = () => layer.rerenderTiles();
  keepNextOnly(layer);
  keepFine(map, layer);
  layer.addTo(map);
  keepClear(map, layer);
  onTurn(() => redraw(layer));
  switches.on("buildings", () => layer.rerenderTiles());
  onInk(() => layer.rerenderTiles());
  return layUnder(map);
}

/** While tiles of another zoom are awaited, keep those of the next farther one and none beyond: their
 * names would be blown up over the map.
 * @param {any} layer */
function keepNextOnly(layer) {
  const retain = layer._retainParent;
  layer._retainParent = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ z) =>
    retain.call(layer, x, y, z, z - 1);
}

/** Between whole zooms a tile stands larger on the screen than it is; drawn as fine as it stands, its
 * names stay sharp.
 * @param {L.Map} map @param {any} layer */
function keepFine(map, layer) {
  const { createTile, tileSize: plainly } = layer;
  /** @param {number} zoom of the tiles @param {number} seen */
  const size = (zoom, seen) => Math.round(plainly * Math.max(1, map.getZoomScale(seen, zoom)));
  layer.createTile = (/** @type {L.Coords} */ at, /** @type {any} */ done) => {
    const { _animatingZoom: turning, _animateToZoom: next } = /** @type {any} */ (map);
    layer.tileSize = size(at.z, turning ? next : map.getZoom());
    return createTile.call(layer, at, done);
  };
  let drawn = NaN;
  map.on("zoomend", () => {
    const [before, zoom] = [drawn, Math.round(map.getZoom())];
    drawn = zoom;
    const wanted = size(zoom, map.getZoom());
    if (before !== zoom || wanted === layer.tileSize) return; // else its tiles are made anew
    layer.tileSize = wanted;
    layer.rerenderTiles();
  });
}

/** Lay the map of the settings under ours; what draws it is fetched only where there is one.
 * @param {L.Map} map */
async function layUnder(map) {
  if (basemap.kind !== "raster" && basemap.kind !== "vector") return;
  map.createPane(PANE).style.zIndex = "150";
  if (basemap.kind === "raster") (await import("../raster.js")).layPictures(map, PANE, basemap);
  else (await import("../vector.js")).layVectors(map, PANE, basemap);
}

/** @param {L.Map} map @param {() => boolean} coloured */
function rules(map, coloured) {
  const own = basemap.kind === "own";
  const opacity = basemap.kind === "none" ? 1 : OVER;
  const written = own ? labelRules() : labelRulesOver();
  return {
    paintRules: own ? paintRules(coloured) : paintRulesOver(coloured, opacity),
    labelRules: written.map((rule) => clearOfMarks(map, rule)),
  };
}

/** @param {any} layer */
function redraw(layer) {
  layer.clearLayout();
  layer.rerenderTiles();
}

/** Fetches tiles; an empty answer is an empty tile, a failure is said once and tried again. */
class Tiles {
  /** @param {string} url with {z}, {x} and {y} */
  constructor(url) {
    this.url = url;
    this.failing = false;
    this.onReturn = () => {};
  }

  /** @param {number} z @param {number} x @param {number} y @param {AbortSignal} signal */
  async getZxy(z, x, y, signal) {
    const parts = { z, x, y };
    const url = this.url.replace(/\{([zxy])\}/g, (_whole, name) => String(parts[/** @type {"z"} */ (name)]));
    const answer = await fetched(url, { signal }).catch(() => null);
    if (signal.aborted) throw new DOMException("", "AbortError");
    if (!answer || answer.status >= 500) {
      this.#fail();
      throw new DOMException("", "AbortError");
    }
    const data = answer.ok ? await answer.arrayBuffer() : new ArrayBuffer(0);
    return data.byteLength ? { data } : undefined;
  }

  #fail() {
    if (this.failing) return;
    this.failing = true;
    const told = navigator.onLine !== false && !("laidUp" in document.documentElement.dataset); // a dead network is told by the page itself
    if (told) showNotice(t("底图暂时取不到，正在重试。"), { stay: true });
    setTimeout(() => {
      this.failing = false;
      if (told) hideNotice();
      this.onReturn();
    }, RETRY_MS);
  }
}
