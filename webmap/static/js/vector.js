/** Base maps made of vector tiles: out of a PMTiles file of ours, or from another server. */

import { anchor } from "./anchor.js";
import { reader } from "./archive.js";
import { genericLabels, genericPaint, sorted } from "./generic.js";
import { lang } from "./i18n.js";
import { onTurn, palette } from "./palette.js";
import { Patience } from "./retry.js";

/** @typedef {import("./basemap.js").BaseMap} BaseMap */
/** @typedef {import("./archive.js").Reader} Reader */

/** Lay the tiles into a pane of the map. @param {L.Map} map @param {string} pane @param {BaseMap} base */
export function layVectors(map, pane, base) {
  const source = guarded(base.archive ? reader(base.archive) : fetched(base.templates[0]), () => layer.rerenderTiles());
  const layer = /** @type {any} */ (protomapsL.leafletLayer)({
    ...{ url: source, attribution: "", maxDataZoom: base.max_zoom, noWrap: true, pane },
    ...rules(base.protomaps),
  });
  if (!base.protomaps) sort(layer);
  anchor(layer, base.datum);
  layer.addTo(map);
  onTurn(() => {
    Object.assign(layer, rules(base.protomaps));
    layer.clearLayout();
    layer.rerenderTiles();
  });
}

/** How it is drawn: by the scheme of Protomaps' own maps, or quietly by what its things seem to be.
 * @param {boolean} protomaps */
function rules(protomaps) {
  if (!protomaps) return { paintRules: genericPaint(), labelRules: genericLabels() };
  const flavour = /** @type {any} */ (flavourOf(palette()));
  const tongue = lang === "zh" ? "zh-Hans" : lang;
  return { paintRules: protomapsL.paintRules(flavour), labelRules: protomapsL.labelRules(flavour, tongue) };
}

/** @param {any} layer */
function sort(layer) {
  for (const view of layer.views.values()) {
    const { source } = view.tileCache;
    const get = source.get.bind(source);
    source.get = async (/** @type {any} */ tile, /** @type {number} */ size) => sorted(await get(tile, size));
  }
}

/** A source that tells of failures in words, and to people only.
 * @param {Reader} source @param {() => void} again @returns {Reader} */
function guarded(source, again) {
  /** @type {Set<string>} */
  const lost = new Set();
  const patience = new Patience(() => {
    lost.clear();
    again();
  });
  return {
    async getZxy(z, x, y, signal) {
      const name = `${z}/${x}/${y}`;
      try {
        const found = await source.getZxy(z, x, y, signal);
        lost.delete(name);
        patience.loaded(!lost.size);
        return found;
      } catch {
        if (!signal?.aborted) {
          lost.add(name);
          patience.failed();
        }
        throw new DOMException("", "AbortError");
      }
    },
  };
}

/** @param {BaseMap["templates"][number]} template @returns {Reader} */
function fetched({ url, servers }) {
  return {
    async getZxy(z, x, y, signal) {
      const s = servers[(x + y) % servers.length] ?? "";
      const address = L.Util.template(url, { z, x, y, "-y": 2 ** z - 1 - y, s, r: "" });
      const answer = await fetch(address, { signal, referrerPolicy: "strict-origin" });
      if (!answer.ok && answer.status !== 404) throw new Error(String(answer.status));
      const data = answer.ok ? await answer.arrayBuffer() : new ArrayBuffer(0);
      return data.byteLength ? { data } : undefined;
    },
  };
}

/** Our colours under the names that Protomaps' rules ask for. @param {import("./palette.js").Palette} colours */
function flavourOf({ ground, water, waterText, green, plaza, road, roadEdge, roadText, building, text, halo }) {
  const greens = ["park_a", "park_b", "wood_a", "wood_b", "scrub_a", "scrub_b"];
  const plain = ["hospital", "industrial", "school", "beach", "zoo", "glacier", "sand", "aerodrome", "pedestrian", "pier"];
  return {
    ...Object.fromEntries(greens.map((name) => [name, green])),
    ...Object.fromEntries(plain.map((name) => [name, plaza])),
    ...{ background: ground, earth: ground, water, buildings: building },
    ...{ major: road, runway: road, railway: roadEdge, boundaries: roadEdge },
    ...{ roads_label_minor: roadText, roads_label_minor_halo: halo, roads_label_major: roadText, roads_label_major_halo: halo },
    ...{ ocean_label: waterText, city_label: text, city_label_halo: halo },
    ...{ state_label: roadText, state_label_halo: halo, country_label: roadText },
  };
}
