/** Outlines and names of streets, communities and grids, and the ground in no grid. */

import { ask, newest, sentence } from "../api.js";
import { el } from "../dom.js";
import { grown, holds, labelWidth, shortName, thinned, within, written } from "../geometry.js";
import { areaOf } from "../narrowing.js";
import { showNotice } from "../notice.js";
import { onTurn, palette, slanted } from "../palette.js";
import { page } from "../state.js";
import { switches } from "../switches.js";

const GRIDS_FROM = 13.5;
const FULL_FROM = 14;
const ROOM = 0.35;

/** @typedef {"streets" | "communities" | "grids" | "uncovered"} Tier */

/** @type {Record<Tier, {order: number, weight: number, afar: number, opacity: number}>} */
const LOOK = {
  uncovered: { order: 310, weight: 1, afar: 1, opacity: 0.7 },
  grids: { order: 320, weight: 1, afar: 1, opacity: 0.7 },
  communities: { order: 330, weight: 2, afar: 0.5, opacity: 0.65 },
  streets: { order: 340, weight: 3, afar: 0.8, opacity: 0.9 },
};

/** Where what is chosen is looked up.
 * @type {Record<string, Tier>} */
const TIER_OF = { grid: "grids", place: "grids", community: "communities", street: "streets" };

/** Where names are written: from which zoom up to which, at what size in pixels.
 * @type {{tier: Tier, from: number, to: number, type: number, css: string}[]} */
const NAMES = [
  { tier: "streets", from: 10, to: 13, type: 17, css: "street" },
  { tier: "communities", from: 13, to: 16, type: 13, css: "community" },
  { tier: "grids", from: 16, to: 18, type: 12, css: "grid" },
];

/** @param {L.Map} map @param {{url: string, quiet?: boolean}} settings */
export default function start(map, { url, quiet = false }) {
  const tiers = new Tiers(map, url);
  const wanted = /** @type {Tier[]} */ (quiet ? ["communities", "grids", "uncovered"] : ["streets", "communities", "grids", "uncovered"]);
  const load = () => wanted.forEach((tier) => tiers.load(tier));
  load();
  page.on("data", load);
  page.on("select", () => tiers.mark());
  page.on("filter", () => tiers.mark());
  tiers.mark();
}

class Tiers {
  /** @param {L.Map} map @param {string} url */
  constructor(map, url) {
    this.map = map;
    this.url = url;
    this.askGrids = newest();
    /** @type {Partial<Record<Tier, L.GeoJSON>>} */
    this.layers = {};
    /** @type {Partial<Record<Tier, Ground[]>>} */
    this.ground = {};
    /** @type {Box | null} */
    this.held = null;
    this.names = L.layerGroup().addTo(map);
    this.marked = L.geoJSON(undefined, { interactive: false, style: () => this.markedStyle() }).addTo(map);
    map.on("moveend", () => this.moved());
    map.on("zoomend", () => this.restyle());
    for (const tier of /** @type {Tier[]} */ (Object.keys(LOOK))) switches.on(tier, () => this.show(tier));
    onTurn(() => this.restyle());
  }

  /** @param {Tier} tier */
  async load(tier) {
    if (tier === "grids") return this.loadGrids();
    try {
      this.put(tier, (await ask(`${this.url}/${tier}`)).features);
    } catch (error) {
      showNotice(sentence(error));
    }
  }

  async loadGrids() {
    if (this.map.getZoom() < GRIDS_FROM || !switches.shown("grids")) return;
    const view = box(this.map);
    if (this.held && within(view, this.held)) return;
    const asked = grown(view, ROOM);
    try {
      const answer = await this.askGrids(`${this.url}/grids`, { params: { bbox: written(asked) } });
      if (!answer) return;
      this.held = answer.truncated ? null : asked;
      this.put("grids", answer.features);
      this.mark();
    } catch (error) {
      showNotice(sentence(error));
    }
  }

  /** @param {Tier} tier @param {Ground[]} features */
  put(tier, features) {
    this.layers[tier]?.remove();
    this.ground[tier] = features;
    const layer = L.geoJSON(undefined, {
      pane: pane(this.map, tier),
      interactive: false,
      style: () => this.style(tier),
      ...(/** @type {any} */ ({ renderer: rendererOf(this.map, tier) })),
    });
    for (const feature of features) layer.addData(feature);
    this.layers[tier] = layer;
    this.show(tier);
    this.mark();
  }

  /** @param {Tier} tier */
  show(tier) {
    const layer = this.layers[tier];
    const zoomed = tier !== "grids" || this.map.getZoom() >= GRIDS_FROM;
    const shown = switches.shown(tier) && zoomed;
    if (layer && shown !== this.map.hasLayer(layer)) {
      if (shown) layer.addTo(this.map);
      else layer.remove();
    }
    if (shown && tier === "grids") this.loadGrids();
    this.name();
  }

  moved() {
    this.show("grids");
    this.name();
  }

  restyle() {
    for (const [tier, layer] of Object.entries(this.layers)) {
      layer.setStyle(() => this.style(/** @type {Tier} */ (tier)));
    }
    this.marked.setStyle(() => this.markedStyle());
  }

  /** @param {Tier} tier @returns {L.PathOptions} */
  style(tier) {
    const { weight, opacity } = LOOK[tier];
    const { tier: color, alarm } = palette();
    const fine = this.map.getZoom() < FULL_FROM ? LOOK[tier].afar : 1;
    if (tier !== "uncovered") return { color, weight: weight * fine, opacity, fill: false };
    return { color: alarm, weight, opacity, dashArray: "4 4", fill: true, fillOpacity: 0.55, fillColor: slanted(alarm) };
  }

  /** @returns {L.PathOptions} */
  markedStyle() {
    const { tier: color } = palette();
    return { color, weight: 4, opacity: 1, fill: true, fillColor: color, fillOpacity: 0.1 };
  }

  /** Draws what is chosen strongly, else the area that the list is narrowed to. */
  mark() {
    this.marked.clearLayers();
    const area = areaOf(page.filter.area);
    const chosen = page.selection ?? (area && { kind: area.kind, id: area.code });
    const tier = chosen && TIER_OF[chosen.kind];
    if (!tier) return;
    const [lon, lat] = chosen.id.split(",").map(Number);
    const found = this.ground[tier]?.find((one) => {
      return chosen.kind === "place" ? holds(one.geometry, [lon, lat]) : one.properties.code === chosen.id;
    });
    if (found) this.marked.addData(found);
  }

  /** Writes the names that fit. */
  name() {
    this.names.clearLayers();
    const zoom = this.map.getZoom();
    const view = this.map.getBounds();
    const wanted = NAMES.filter(({ tier, from, to }) => zoom >= from && zoom < to && switches.shown(tier));
    const labels = wanted.flatMap(({ tier, type, css }) => {
      const inView = (this.ground[tier] ?? []).filter(({ properties: { label } }) => label && view.contains([label[1], label[0]]));
      return inView.map(({ properties: { name, label } }) => this.label(shortName(name), label, type, css));
    });
    for (const { text, position, css } of thinned(labels)) this.names.addLayer(nameplate(text, position, css));
  }

  /** @param {string} text @param {[number, number]} at @param {number} type @param {string} css */
  label(text, [lon, lat], type, css) {
    const position = L.latLng(lat, lon);
    const { x, y } = this.map.latLngToLayerPoint(position);
    return { text, position, css, x, y, width: labelWidth(text, type) + 12, height: type * 1.6 };
  }
}

/** @param {string} text @param {L.LatLng} position @param {string} css */
function nameplate(text, position, css) {
  const icon = L.divIcon({ className: `ground-label ${css}`, iconSize: [0, 0], html: el("span", {}, text) });
  return L.marker(position, { icon, interactive: false, keyboard: false, pane: "shadowPane" });
}

/** @param {L.Map} map @param {Tier} tier */
function pane(map, tier) {
  const name = `tier-${tier}`;
  const element = map.getPane(name) ?? map.createPane(name);
  element.style.zIndex = String(LOOK[tier].order);
  element.style.pointerEvents = "none";
  return name;
}

/** @type {Map<Tier, L.Renderer>} */
const renderers = new Map();

/** @param {L.Map} map @param {Tier} tier */
function rendererOf(map, tier) {
  const made = renderers.get(tier) ?? L.canvas({ pane: pane(map, tier), padding: 0.2 });
  renderers.set(tier, made);
  return made;
}

/** @param {L.Map} map @returns {Box} */
function box(map) {
  const view = map.getBounds();
  return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
}
