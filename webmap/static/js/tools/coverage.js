/** Coverage on the map: areas coloured by a measure, gaps where they are; a click looks closer. */

import { ask, sentence } from "../api.js";
import { approachBuildings, inkAlike, inkByGrid, inkByGroup, tellBuilding } from "../cover-buildings.js";
import { key } from "../coverage-key.js";
import { byId, el } from "../dom.js";
import { around } from "../frame.js";
import { gapMarks } from "../gap-marks.js";
import { holds, within, written } from "../geometry.js";
import { said, t } from "../i18n.js";
import { LookedGap } from "../looked-gap.js";
import { showNotice } from "../notice.js";
import { rectsOf, standing } from "../obstacles.js";
import { crossed, onTurn, palette } from "../palette.js";
import { classOf, colours } from "../ramps.js";
import { isSheet } from "../sheet.js";
import { page } from "../state.js";
import { boxIn, bringBoxIntoView, wasPlaced } from "./view.js";

const PANE = "coverage";
const GAPS = "gaps";
const PLURAL = { street: "streets", community: "communities", grid: "grids" };
const NEAR = 16.5;
const MOST_MARKS = 400;
/** From here streets are to be seen, so colours are thinner; single buildings from `SINGLE`. */
const CLOSE = 15.5;
const SINGLE = 15;
/** Half the side of what a gap's mark covers, in pixels. */
const MARK = 11;

/** @typedef {GeoJSON.Feature<GeoJSON.Geometry, {code: string, name: string}>} Ground */

/** @param {L.Map} map @param {{url: string, layers: string}} settings */
export default function start(map, settings) {
  inkAlike();
  const cover = new Coverage(map, settings);
  byId("cover-legend").toggleAttribute("open", !isSheet());
  cover.load();
  document.getElementById("cover-closer")?.addEventListener("click", () => approachBuildings(map, cover.inhabited(), NEAR));
  map.on("click", ({ latlng }) => cover.isSingle() && tellBuilding(map, latlng, (grid) => cover.worth(grid)));
  onTurn(() => cover.restyle());
  for (const name of ["measure", "tier"]) {
    const choice = byId(name, HTMLSelectElement);
    choice.addEventListener("change", () => choice.form?.requestSubmit());
  }
  byId("coverage-view").addEventListener("click", (event) => cover.looked.clicked(event));
}

class Coverage {
  /** @param {L.Map} map @param {{url: string, layers: string}} settings */
  constructor(map, { url, layers }) {
    this.map = map;
    this.url = url;
    this.layers = layers;
    this.main = byId("main");
    /** @type {CoverageAreas | null} */
    this.answer = null;
    /** @type {Map<string, CoverageAreas["items"][number]>} */
    this.items = new Map();
    /** @type {L.GeoJSON | null} */
    this.drawn = null;
    /** @type {L.GeoJSON | null} */
    this.marks = null;
    /** Whether there are more grids than come at once, and where all of them are drawn. */
    this.many = false;
    /** @type {Box | null} */
    this.held = null;
    this.turn = 0;
    map.createPane(PANE).style.zIndex = "305";
    map.createPane(GAPS).style.zIndex = "450";
    /** @type {L.LatLng[]} */
    this.spots = [];
    standing("marks", () => this.spots.map((at) => ({ ...map.latLngToContainerPoint(at), width: 2 * MARK, height: 2 * MARK })));
    standing("coverage-key", () => rectsOf(map.getContainer(), [byId("cover-legend")]));
    byId("cover-legend").addEventListener("toggle", () => page.drawn());
    map.on("zoomend", () => this.restyle());
    /** Marks are no canvas: it would keep every click from the areas beneath it. */
    this.renderer = L.svg({ pane: GAPS, padding: 0.3 });
    this.looked = new LookedGap(map, `${layers}/grids`, { pane: GAPS, renderer: this.renderer }, () => this.restyle());
  }

  /** What the page asks for, as it stands in the address. */
  asked() {
    const { area = "", kind = "", measure = "", tier = "" } = this.main.dataset;
    return { area, kind, measure, tier };
  }

  async load() {
    const { area, kind, measure, tier } = this.asked();
    try {
      const [answer, gaps] = await Promise.all([
        ask(`${this.url}/areas`, { params: { area, measure, tier } }),
        kind || area ? ask(this.url, { params: { area, kind, limit: MOST_MARKS } }) : null,
      ]);
      this.answer = answer;
      this.items = new Map(answer.items.map((/** @type {any} */ item) => [item.code, item]));
      if (tier === "building") (this.byGroup() ? inkByGroup : inkByGrid)(answer);
      const shape = /** @type {keyof typeof PLURAL} */ (answer.tier);
      const { features } = await this.ground(shape, answer.box, answer.home);
      this.paint(features, true);
      if (this.many) this.map.on("moveend", () => this.moved());
      if (gaps) this.mark(gaps);
      if (gaps && gaps.numberMatched > gaps.numberReturned) this.follow();
      this.legend();
    } catch (error) {
      showNotice(sentence(error));
    }
  }

  /** The shapes of a tier: all, or where there are too many grids those of the area or view.
   * @param {keyof typeof PLURAL} tier @param {Box | null} box of the area @param {string | null} home the community that it is or lies in */
  async ground(tier, box, home) {
    const url = `${this.layers}/${PLURAL[tier]}`;
    if (tier !== "grid") return ask(url);
    const whole = this.many ? null : await ask(url, { params: { figures: "false", community: home ?? "" } });
    if (whole && !whole.truncated) return whole;
    this.many = true;
    const asked = box ?? around(boxIn(this.map), this.map.getZoom());
    const answer = await ask(url, { params: { bbox: written(asked), figures: "false" } });
    this.held = answer.truncated ? null : asked;
    const note = byId("cover-some");
    note.hidden = !answer.truncated;
    note.textContent = t("网格太多，这里只画出一部分；放大看全部");
    return answer;
  }

  /** Where there are too many grids, those of the new view come. */
  async moved() {
    if (this.held && within(boxIn(this.map), this.held)) return;
    const turn = ++this.turn;
    try {
      const { features } = await this.ground("grid", null, null);
      if (turn === this.turn) this.paint(features, false);
    } catch (error) {
      showNotice(sentence(error));
    }
  }

  /** @param {Ground[]} features @param {boolean} first */
  paint(features, first) {
    this.drawn?.remove();
    const mine = features.filter(({ properties }) => this.items.has(properties.code));
    this.drawn = L.geoJSON(undefined, {
      pane: PANE,
      style: (feature) => this.style(/** @type {Ground} */ (feature)),
      onEachFeature: (feature, layer) => this.tell(/** @type {Ground} */ (feature), layer),
      ...(/** @type {any} */ ({ renderer: L.canvas({ pane: PANE, padding: 0.3 }) })),
    });
    for (const feature of mine) this.drawn.addData(feature);
    this.drawn.addTo(this.map);
    const bounds = this.drawn.getBounds();
    const wanted = this.asked().area || (this.answer?.box && !wasPlaced());
    if (first && wanted && bounds.isValid()) this.approach(bounds);
  }

  /** @param {L.LatLngBounds} bounds */
  approach(bounds) {
    bringBoxIntoView(this.map, [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], NEAR);
  }

  /** @param {Ground} ground @returns {L.PathOptions} */
  style({ properties: { code }, geometry }) {
    const { tier: line, hatch } = palette();
    const look = { color: line, weight: 1, opacity: 0.6, fill: true };
    const thick = this.thickness(/** @type {any} */ (geometry));
    if (!thick || !this.answer) return { ...look, fillOpacity: 0 };
    const { ramp, bounds } = this.answer.measure;
    const value = this.items.get(code)?.value ?? null;
    if (value === null) return { ...look, fillColor: crossed(hatch), fillOpacity: Math.min(0.8, thick) };
    return { ...look, fillColor: colours(ramp)[classOf(value, bounds)], fillOpacity: thick };
  }

  /** How much of what lies beneath an area's colour hides: little from near, nothing where one looks
   * at a gap, nor where buildings themselves are coloured.
   * @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} ground */
  thickness(ground) {
    const zoom = this.map.getZoom();
    if (this.isSingle()) return 0;
    if (zoom < CLOSE) return 0.85;
    return this.looked.at && holds(ground, this.looked.at) ? 0 : 0.4;
  }

  /** Whether buildings themselves are coloured. */
  isSingle() {
    return this.asked().tier === "building" && this.map.getZoom() >= SINGLE;
  }

  /** Whether single buildings are coloured by their own group, not by what their grid is worth. */
  byGroup() {
    return this.asked().measure === "building_share";
  }

  /** The measure's name and its value in a grid, where buildings are coloured by it.
   * @param {string} grid @returns {[string, string] | null} */
  worth(grid) {
    const item = this.items.get(grid);
    return item && this.answer && !this.byGroup() ? [this.answer.measure.name, item.said] : null;
  }

  /** Where the grids with buildings have their names. @returns {[number, number][]} */
  inhabited() {
    const all = /** @type {L.GeoJSON<any>[]} */ (this.drawn?.getLayers() ?? []).map((layer) => /** @type {any} */ (layer).feature.properties);
    return all.filter(({ code }) => this.items.get(code)?.figures.buildings).map(({ label }) => label);
  }

  restyle() {
    this.drawn?.setStyle((feature) => this.style(/** @type {Ground} */ (feature)));
    this.legend();
  }

  /** A name and value under the pointer; a click goes there. @param {Ground} ground @param {L.Layer} layer */
  tell({ properties: { code } }, layer) {
    const item = this.items.get(code);
    if (!item || !this.answer) return;
    const text = el("span", { class: "cover-tip" }, el("b", {}, said(item.name)), ` ${item.said}`);
    layer.bindTooltip(text, { sticky: true });
    layer.on("click", () => {
      if (this.isSingle()) return;
      const query = new URLSearchParams(location.search);
      if (query.get("area") === code) return;
      query.set("area", code);
      query.delete("tier");
      query.delete("page");
      location.assign(`${location.pathname}?${query}`);
    });
  }

  /** Where there are more gaps than a map can hold, those of the part that is seen. */
  follow() {
    let asked = 0;
    this.map.on("moveend", async () => {
      const turn = (asked += 1);
      const { area, kind } = this.asked();
      const params = { area, kind, limit: MOST_MARKS, bbox: this.map.getBounds().toBBoxString() };
      try {
        const gaps = await ask(this.url, { params });
        if (turn === asked) this.mark(gaps);
      } catch (error) {
        showNotice(sentence(error));
      }
    });
  }

  /** Gaps that have a place, and how many there are besides.
   * @param {{features: GeoJSON.Feature<GeoJSON.Geometry, CoverageGap>[], numberMatched: number}} gaps */
  mark({ features, numberMatched }) {
    const placed = features.filter(({ geometry }) => geometry);
    this.marks?.remove();
    const note = byId("cover-marks");
    note.hidden = features.length >= numberMatched;
    note.textContent = t("图上标出 {shown} 处，共 {count} 处；放大看全部", { shown: placed.length.toLocaleString("en"), count: numberMatched.toLocaleString("en") });
    const drawn = gapMarks(placed, GAPS, this.renderer, (gap, at, byKey) => this.looked.pressed(gap, at, byKey));
    this.marks = drawn.addTo(this.map);
    this.spots = drawn.getLayers().flatMap((layer) => (layer instanceof L.CircleMarker ? [layer.getLatLng()] : []));
    page.drawn();
    this.legend();
  }

  /** The legend's swatches in the colours of the hour. */
  legend() {
    if (!this.answer) return;
    const [single, unknown] = [this.map.getZoom() >= SINGLE, [...this.items.values()].some(({ value }) => value === null)];
    const shown = { spots: this.spots.length > 0, shapes: this.hasShapes(), looked: this.looked.isOutlined(), single, far: !single, unknown: this.isSingle() ? !this.byGroup() : unknown };
    key(this.answer.measure.ramp, shown);
  }

  /** Whether gaps are drawn that have an outline. */
  hasShapes() {
    return Boolean(this.marks?.getLayers().some((layer) => layer instanceof L.Polygon));
  }
}
