/** Outlines and names of streets, communities and grids, and the ground in no grid. */

import { ask, newest, sentence } from "../api.js";
import { onceDrawn } from "../basenames.js";
import { GRIDS_FROM, around } from "../frame.js";
import { holds, within, written } from "../geometry.js";
import { areaOf } from "../narrowing.js";
import { Nameplates } from "../nameplates.js";
import { showNotice } from "../notice.js";
import { onTurn, palette, slanted } from "../palette.js";
import { page } from "../state.js";
import { switches } from "../switches.js";

const MIDWAY_FROM = 14;
const NEAR_FROM = 15.5;

/** @typedef {"streets" | "communities" | "grids" | "uncovered"} Tier */

/** How strong each border is from afar, from midway and from near: its width in pixels and how
 * opaque; of streets also a soft band on both sides. Two share a canvas, which costs as much as
 * what is drawn on it; what is `over` another one is drawn after it.
 * @type {Record<Tier, {canvas: Tier, over?: Tier, steps: [number, number][], band?: number}>} */
const LOOK = {
  uncovered: { canvas: "grids", steps: [[1, 0.8], [1, 0.8], [1, 0.8]] },
  grids: { canvas: "grids", over: "uncovered", steps: [[0.7, 0.42], [0.8, 0.55], [1, 0.75]] },
  communities: { canvas: "streets", steps: [[1.6, 0.75], [1.8, 0.75], [2, 0.8]] },
  streets: { canvas: "streets", over: "communities", steps: [[2.6, 0.95], [3, 0.95], [3, 0.95]], band: 10 },
};

/** @type {Partial<Record<Tier, number>>} */
const ORDER = { grids: 320, streets: 340 };

/** Where what is chosen is looked up.
 * @type {Record<string, Tier>} */
const TIER_OF = { grid: "grids", place: "grids", community: "communities", street: "streets" };

/** Where names are written, the weightier first: from which zoom up to which, at what size in
 * pixels.
 * @type {{tier: Tier, from: number, to: number, type: number, css: string}[]} */
const NAMES = [
  { tier: "streets", from: 10, to: 14.5, type: 18, css: "street" },
  { tier: "communities", from: 13, to: 16, type: 13, css: "community" },
  { tier: "grids", from: 16, to: 20, type: 12, css: "grid" },
];

/** @param {L.Map} map @param {{url: string, quiet?: boolean}} settings */
export default function start(map, { url, quiet = false }) {
  const wanted = /** @type {Tier[]} */ (quiet ? ["communities", "grids", "uncovered"] : ["streets", "communities", "grids", "uncovered"]);
  const tiers = new Tiers(map, url, wanted.filter((tier) => tier === "streets" || tier === "communities"));
  const load = () => wanted.forEach((tier) => tiers.load(tier));
  load();
  page.on("data", load);
  page.on("select", () => tiers.mark());
  page.on("filter", () => tiers.mark());
  page.on("drawn", () => tiers.name());
  tiers.mark();
}

/** A page that was laid up for the dead network says so itself. @param {unknown} error */
function complain(error) {
  if (!("laidUp" in document.documentElement.dataset)) showNotice(sentence(error));
}

class Tiers {
  /** @param {L.Map} map @param {string} url @param {Tier[]} awaited what names wait for besides the ground under them, since its borders tell where they may stand */
  constructor(map, url, awaited) {
    this.map = map;
    this.url = url;
    this.askGrids = newest();
    /** @type {Partial<Record<Tier, L.LayerGroup>>} */
    this.layers = {};
    /** @type {Partial<Record<Tier, Ground[]>>} */
    this.ground = {};
    this.awaited = new Set(/** @type {string[]} */ (awaited).concat("ground"));
    onceDrawn(map, () => this.arrived("ground"));
    /** @type {Box | null} */
    this.held = null;
    this.plates = new Nameplates(map, () => [...(this.ground.communities ?? []), ...(this.ground.streets ?? [])]);
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
      complain(error);
    }
    this.arrived(tier);
  }

  /** @param {string} what that names wait for */
  arrived(what) {
    if (this.awaited.delete(what)) this.name();
  }

  async loadGrids() {
    if (this.map.getZoom() < GRIDS_FROM || !switches.shown("grids")) return;
    const view = box(this.map);
    if (this.held && within(view, this.held)) return;
    const asked = around(view, this.map.getZoom());
    try {
      const answer = await this.askGrids(`${this.url}/grids`, { params: { bbox: written(asked), figures: "false" } });
      if (!answer) return;
      this.held = answer.truncated ? null : asked;
      this.put("grids", answer.features);
    } catch (error) {
      complain(error);
    }
  }

  /** @param {Tier} tier @param {Ground[]} features */
  put(tier, features) {
    this.layers[tier]?.remove();
    this.ground[tier] = features;
    const { band } = LOOK[tier];
    const drawn = [band ? this.drawn(tier, features, () => this.bandStyle(band)) : null, this.drawn(tier, features, () => this.style(tier))];
    this.layers[tier] = L.layerGroup(drawn.filter((layer) => layer !== null));
    this.show(tier);
    this.mark();
  }

  /** @param {Tier} tier @param {Ground[]} features @param {() => L.PathOptions} style */
  drawn(tier, features, style) {
    const layer = L.geoJSON(undefined, {
      pane: pane(this.map, LOOK[tier].canvas),
      interactive: false,
      style,
      ...(/** @type {any} */ ({ renderer: rendererOf(this.map, LOOK[tier].canvas) })),
    });
    for (const feature of features) layer.addData(feature);
    return layer;
  }

  /** @param {Tier} tier */
  show(tier) {
    const layer = this.layers[tier];
    const zoomed = tier !== "grids" || this.map.getZoom() >= GRIDS_FROM;
    const shown = switches.shown(tier) && zoomed;
    if (layer && shown !== this.map.hasLayer(layer)) {
      if (shown) layer.addTo(this.map);
      else layer.remove();
      if (shown) this.raise(tier);
    }
    if (shown && tier === "grids") this.loadGrids();
    this.name();
  }

  /** What lies over this one is drawn after it. @param {Tier} tier */
  raise(tier) {
    const over = /** @type {Tier[]} */ (Object.keys(LOOK)).find((other) => LOOK[other].over === tier);
    const layer = over && this.layers[over];
    if (layer && this.map.hasLayer(layer)) layer.eachLayer((part) => /** @type {L.GeoJSON} */ (part).bringToFront());
  }

  moved() {
    this.show("grids");
    this.name();
  }

  restyle() {
    for (const group of Object.values(this.layers)) {
      const layers = /** @type {L.GeoJSON[]} */ (group.getLayers());
      for (const layer of layers) layer.setStyle(/** @type {any} */ (layer.options.style));
    }
    this.marked.setStyle(() => this.markedStyle());
  }

  /** @param {Tier} tier @returns {L.PathOptions} */
  style(tier) {
    const zoom = this.map.getZoom();
    const [weight, opacity] = LOOK[tier].steps[zoom < MIDWAY_FROM ? 0 : zoom < NEAR_FROM ? 1 : 2];
    const { tier: color, alarm } = palette();
    if (tier !== "uncovered") return { color, weight, opacity, fill: false };
    return { color: alarm, weight, opacity, dashArray: "4 4", fill: true, fillOpacity: 0.55, fillColor: slanted(alarm) };
  }

  /** @param {number} weight @returns {L.PathOptions} */
  bandStyle(weight) {
    return { color: palette().tier, weight, opacity: 0.16, fill: false };
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
    if (this.awaited.size) return;
    this.plates.write(() => {
      const zoom = this.map.getZoom();
      const due = NAMES.filter(({ tier, from, to }) => zoom >= from && zoom < to && switches.shown(tier));
      return due.map(({ tier, type, css }) => ({ name: tier, ground: this.ground[tier] ?? [], type, css }));
    });
  }
}

/** @param {L.Map} map @param {Tier} tier */
function pane(map, tier) {
  const name = `tier-${tier}`;
  const element = map.getPane(name) ?? map.createPane(name);
  element.style.zIndex = String(ORDER[tier]);
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
