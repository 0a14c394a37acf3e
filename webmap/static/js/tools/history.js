/** The district as of any day: a slider over the days on which its grids changed. */

import { ask, newest, sentence } from "../api.js";
import { byId, fill } from "../dom.js";
import { day as written } from "../format.js";
import { GRIDS_FROM, around } from "../frame.js";
import { boxOf, within, written as boxed } from "../geometry.js";
import { changesOf, headline } from "../history/changes.js";
import { Ground } from "../history/ground.js";
import { lang, timeZone } from "../i18n.js";
import { showNotice } from "../notice.js";
import { polygons } from "../redraw/standing.js";
import { onTurn } from "../palette.js";
import { bringBoxIntoView } from "./view.js";

const NEAREST = 17;
const SETTLE_MS = 120;
/** Where the address says that the map stands, before the map itself says so. */
const cameWith = location.hash;

/** @param {L.Map} map @param {{url: string, layers: string}} settings */
export default async function start(map, { url, layers }) {
  const days = new Days(map, url);
  onTurn(() => days.ground.repaint());
  try {
    const { features } = await ask(`${layers}/communities`);
    days.ground.beneath(features);
    await days.open();
  } catch (error) {
    showNotice(sentence(error));
  }
}

class Days {
  /** @param {L.Map} map @param {string} url */
  constructor(map, url) {
    this.map = map;
    this.url = url;
    this.ground = new Ground(map);
    this.view = byId("history");
    this.community = this.view.dataset.community || undefined;
    this.slider = byId("time", HTMLInputElement);
    this.date = byId("time-date", HTMLInputElement);
    this.steps = { before: byId("time-before", HTMLButtonElement), after: byId("time-after", HTMLButtonElement) };
    this.asking = [newest(), newest()];
    /** @type {string[]} the days on which something changed, the first first */
    this.days = [];
    this.day = "";
    /** @type {HistoryDay | null} */
    this.shown = null;
    this.timer = 0;
    /** Whether the district has more grids than come at once: then those of the view are shown. */
    this.many = false;
    /** @type {Box | null} where all that there are are shown */
    this.held = null;
    map.on("moveend", () => this.moved());
    this.slider.addEventListener("input", () => this.slide(this.days[Number(this.slider.value)], false));
    this.slider.addEventListener("change", () => this.slide(this.days[Number(this.slider.value)], true));
    this.date.addEventListener("change", () => this.date.value && this.slide(this.date.value, true));
    this.steps.before.addEventListener("click", () => this.slide(this.days[this.last - (this.day === this.days[this.last] ? 1 : 0)], true));
    this.steps.after.addEventListener("click", () => this.slide(this.days[this.last + 1], true));
  }

  /** The last day up to the chosen one on which something changed. */
  get last() {
    return this.days.filter((one) => one <= this.day).length - 1;
  }

  async open() {
    const { items, today } = await ask(`${this.url}/days`, { params: { community: this.community } });
    this.days = items.map((/** @type {{day: string}} */ { day }) => day);
    this.today = today;
    if (!this.days.length) return fill(this.view, ...changesOf(null));
    [this.date.min, this.date.max] = [this.days[0], today];
    this.slider.max = String(this.days.length - 1);
    this.slider.disabled = this.days.length < 2;
    const asked = new URLSearchParams(location.search).get("day") ?? "";
    const wanted = asked && asked >= this.days[0] && asked <= today ? asked : this.days[this.days.length - 1];
    await this.go(wanted, Boolean(asked) && !cameWith);
    if (this.community && !asked && !cameWith) this.look(this.ground.shapes);
  }

  /** Show another day soon: a slider on its way does not ask for every day that it passes.
   * @param {string | undefined} day @param {boolean} settled whether the map may move to what changed */
  slide(day, settled) {
    if (!day || day < this.days[0]) return;
    this.#mark(day);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.go(day, settled), settled ? 0 : SETTLE_MS);
  }

  /** @param {string} day @param {boolean} approach */
  async go(day, approach) {
    this.#mark(day);
    this.view.setAttribute("aria-busy", "true");
    try {
      const params = { community: this.community };
      const last = this.days[this.last];
      const shown = await this.asking[0](`${this.url}/days/${last}`, { params });
      if (!shown) return;
      const features = await this.gridsOf(shown);
      if (!features) return;
      this.shown = shown;
      this.ground.show(features, shown);
      this.render();
      if (approach) this.look(this.ground.changed);
    } catch (error) {
      showNotice(sentence(error));
    }
    this.view.removeAttribute("aria-busy");
  }

  /** The grids of a day: all, or where those are too many the ones in view and those that changed.
   * @param {HistoryDay} shown @returns {Promise<import("../history/ground.js").GridOfDay[] | null>} */
  async gridsOf(shown) {
    const near = this.many && this.map.getZoom() >= GRIDS_FROM ? around(this.seen(), this.map.getZoom()) : null;
    const params = { community: this.community, at: shown.until, since: shown.day, bbox: near ? boxed(near) : undefined };
    const answer = await this.asking[1](`${this.url}/grids`, { params });
    if (!answer) return null;
    this.held = answer.truncated ? null : near;
    if (!answer.truncated || near) return answer.features;
    if (!this.many && this.map.getZoom() >= GRIDS_FROM) {
      this.many = true;
      return this.gridsOf(shown);
    }
    this.many = true;
    const changed = new Set(shown.items.flatMap(({ load, grids }) => (load ? [] : grids.map(({ code }) => code))));
    return answer.features.filter((/** @type {import("../history/ground.js").GridOfDay} */ { properties }) => changed.has(properties.code));
  }

  /** Where there are many grids, those of the new view come. */
  async moved() {
    const { shown } = this;
    if (!this.many || !shown || this.map.getZoom() < GRIDS_FROM) return;
    if (this.held && within(this.seen(), this.held)) return;
    try {
      const features = await this.gridsOf(shown);
      if (features && this.shown === shown) this.ground.show(features, shown);
    } catch (error) {
      showNotice(sentence(error));
    }
  }

  /** @returns {Box} */
  seen() {
    const view = this.map.getBounds();
    return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
  }

  /** The controls and the address say which day it is. @param {string} day */
  #mark(day) {
    this.day = day;
    const { last } = this;
    this.slider.value = String(last);
    this.slider.setAttribute("aria-valuetext", said(this.days[last]));
    this.date.value = day;
    this.steps.before.disabled = last === 0 && day === this.days[0];
    this.steps.after.disabled = last >= this.days.length - 1;
    fill(byId("time-day"), ...headline(day, this.days[last]));
    const query = new URLSearchParams(location.search);
    query.set("day", day);
    history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
  }

  render() {
    fill(this.view, ...changesOf(this.shown, { look: (shapes) => this.look(shapes) }));
    this.view.scrollTop = 0;
  }

  /** @param {(GeoJSON.Polygon | GeoJSON.MultiPolygon)[]} shapes */
  look(shapes) {
    const positions = shapes.flatMap((shape) => polygons(shape).flatMap(({ coordinates }) => coordinates[0]));
    if (positions.length) bringBoxIntoView(this.map, boxOf(positions), NEAREST);
  }
}

/** A day as it is written. @param {string} day */
const said = (day) => written(`${day}T12:00:00Z`, { lang, timeZone });
