/**
 * One thing done to the ground, from the first click to the last: grids are picked, something is
 * drawn, the server says what would become of it, and it is accepted or not.
 */

import { Refusal } from "../api.js";
import { boxOf, holds } from "../geometry.js";
import { t } from "../i18n.js";
import { body, foot } from "./job-view.js";
import { Pen, degrees, pixels, thinnedWay } from "./pen.js";
import { snapped, way } from "./snapping.js";
import { adjoins, polygons } from "./standing.js";

const SNAP_PX = 14;
const CLOSE_PX = 16;

/** @typedef {[number, number]} Place @typedef {import("./desk.js").Desk} Desk */
/**
 * @typedef {{
 *   name: string, title: () => string, icon: string, picks: (() => string)[], draws?: "line" | "area" | "spot",
 *   ask?: () => string, streets?: boolean, besides?: boolean, least?: boolean, fits?: (grid: import("./standing.js").Grid) => boolean,
 *   intent: (picked: string[], drawn: Place[], job: Job) => RedrawIntent, confirm: () => string, done: () => string,
 * }} Way
 */

export class Job {
  /** @param {Desk} desk @param {Way} about @param {string[]} [picked] */
  constructor(desk, about, picked = []) {
    this.desk = desk;
    this.way = about;
    this.picked = picked.slice(0, about.picks.length);
    /** @type {Place[]} */
    this.points = [];
    /** @type {import("./snapping.js").Snapped | null} */
    this.last = null;
    this.bends = false;
    /** @type {RedrawIntent | null} */
    this.intent = null;
    /** @type {Refusal | null} */
    this.refusal = null;
    this.busy = false;
    /** Whether the step is being taken. */
    this.taking = false;
    /** @type {Pen | null} */
    this.pen = null;
  }

  start() {
    this.#takePen();
    this.render();
    if (this.complete) this.attempt(this.way.intent(this.picked, this.points, this));
    else if (this.picking < 0 && this.picked.length) this.desk.approach(this.picked);
    else if (this.beside) this.desk.approach([...this.picked, ...this.beside.map(({ code }) => code)]);
  }

  stop() {
    this.pen?.stop();
    this.desk.draft.forget();
    this.desk.painter.pen([]);
    this.desk.painter.refuse(null);
  }

  /** Which grid is to be picked next, or -1. */
  get picking() {
    return this.picked.length < this.way.picks.length ? this.picked.length : -1;
  }

  /** Where the second grid has to lie beside the first: those that do; else null. */
  get beside() {
    if (!this.way.besides || this.picking !== 1) return null;
    const { grids } = this.desk.now;
    const first = grids.find(({ code }) => code === this.picked[0]);
    const found = first ? grids.filter((grid) => grid !== first && adjoins(first.shape, grid.shape)) : [];
    return found.length ? found : null;
  }

  get drawing() {
    return this.picking < 0 && Boolean(this.way.draws) && !this.intent;
  }

  get complete() {
    return this.picking < 0 && !this.way.draws && !this.intent;
  }

  #takePen() {
    this.pen?.stop();
    const click = (/** @type {Place} */ at) => this.click(at);
    const hover = (/** @type {Place} */ at) => this.#hover(at);
    const wants = this.way.draws === "line" || this.way.draws === "area";
    this.pen = new Pen(this.desk.map, wants && this.picking < 0 ? { click, hover, drag: this.#drag() } : { click });
  }

  #drag() {
    return {
      start: (/** @type {Place} */ at) => this.#begin(this.way.draws === "line" ? this.#snap(at) : { at, road: null, name: "" }),
      move: (/** @type {Place} */ at) => {
        if (this.way.draws === "area") this.points.push(at);
        this.desk.painter.pen(this.way.draws === "area" ? this.points : this.#upTo(at), this.way.draws === "area");
      },
      end: (/** @type {Place} */ at) => {
        this.points = this.way.draws === "area" ? thinnedWay(this.desk.map, this.points) : this.#upTo(at);
        this.finish();
      },
    };
  }

  /** @param {import("./snapping.js").Snapped} first */
  #begin(first) {
    this.again();
    [this.points, this.last] = [[first.at], first];
  }

  /** @param {Place} at @returns {import("./snapping.js").Snapped} */
  #snap(at) {
    const { scene } = this.desk.draft;
    if (!scene) return { at, road: null, name: "" };
    const rings = this.desk.now.grids.filter(({ code }) => this.picked.includes(code)).flatMap(({ shape }) => polygons(shape).flatMap(({ coordinates }) => /** @type {Place[][]} */ (coordinates)));
    return snapped(at, { roads: scene.roads, rings }, degrees(this.desk.map, SNAP_PX));
  }

  /** The line so far and on to this place. @param {Place} at */
  #upTo(at) {
    const next = this.#snap(at);
    return this.last ? [...this.points.slice(0, -1), ...way(this.last, next)] : [next.at];
  }

  /** @param {Place} at */
  #hover(at) {
    if (!this.drawing) return;
    if (this.way.draws === "line") this.desk.painter.pen(this.#upTo(at));
    else if (this.points.length) this.desk.painter.pen([...this.points, at], true);
  }

  /** @param {Place} at */
  click(at) {
    if (this.busy) return;
    if (this.picking >= 0) return this.pickAt(at);
    if (this.way.draws === "spot") return this.#spot(at);
    if (!this.way.draws) return;
    if (this.intent) this.again();
    if (this.way.draws === "area") return this.#corner(at);
    const next = this.#snap(at);
    if (!this.last) this.#begin(next);
    else this.points = [...this.points.slice(0, -1), ...way(this.last, next)];
    this.last = next;
    this.desk.painter.pen(this.points);
    this.render();
    if (this.points.length > 1 && !this.bends) this.finish();
  }

  /** @param {Place} at */
  #spot(at) {
    this.again();
    this.points = [at];
    this.finish();
  }

  /** @param {Place} at */
  #corner(at) {
    if (this.points.length > 2 && pixels(this.desk.map, this.points[0], at) < CLOSE_PX) return this.finish();
    this.points.push(at);
    this.desk.painter.pen(this.points, true);
    this.render();
  }

  /** @param {Place} at */
  pickAt(at) {
    const found = this.desk.now.grids.find(({ shape }) => holds(shape, at));
    if (found) this.#take(found.code);
    else this.desk.say(t("这里没有本社区的网格，请点网格里面。"));
  }

  /** A grid of the list, which may be out of sight: the map moves for it, as it never does for a click. @param {string} code */
  pick(code) {
    this.#take(code);
    if (this.beside) this.desk.approach([...this.picked, ...this.beside.map(({ code: one }) => one)]);
    else if (this.picking < 0) this.desk.approach(this.picked);
  }

  /** @param {string} code */
  #take(code) {
    if (this.picked.includes(code)) this.picked = this.picked.filter((one) => one !== code);
    else this.picked.push(code);
    this.refusal = null;
    this.desk.painter.refuse(null);
    this.#takePen();
    if (this.complete) this.attempt(this.way.intent(this.picked, this.points, this));
    else this.render();
  }

  /** Go on with what was drawn. */
  finish() {
    this.attempt(this.way.intent(this.picked, this.points, this));
  }

  /** Draw along a street of the list. @param {Place[]} line */
  follow(line) {
    this.again();
    this.points = line;
    this.desk.painter.pen(line);
    this.finish();
  }

  /** Away with what was drawn. */
  again() {
    [this.points, this.last, this.intent, this.refusal] = [[], null, null, null];
    this.desk.draft.forget();
    this.desk.painter.pen([]);
    this.desk.painter.refuse(null);
    if (!this.way.draws) this.picked = this.picked.length > 1 ? this.picked.slice(0, 1) : [];
    this.render();
  }

  /** Whether something was picked or drawn that is not accepted. */
  get pending() {
    return !this.taking && Boolean(this.picked.length || this.points.length || this.intent);
  }

  /** Begin as if nothing had been picked. */
  drop() {
    [this.picked, this.busy] = [[], false];
    this.again();
    this.#takePen();
  }

  /** Ask what would become of it. @param {RedrawIntent} intent */
  async attempt(intent) {
    [this.intent, this.refusal, this.busy] = [intent, null, true];
    this.desk.painter.refuse(null);
    this.render();
    try {
      if (!(await this.desk.draft.attempt(intent))) return;
      this.desk.painter.pen([]);
    } catch (error) {
      this.refuse(error);
    }
    this.busy = false;
    if (this.desk.mode === this) this.render();
  }

  /** @param {unknown} error */
  refuse(error) {
    if (!(error instanceof Refusal)) throw error;
    this.refusal = error;
    if (error.code === "not_neighbours" && this.way.besides && !this.points.length) [this.picked, this.intent] = [this.picked.slice(0, 1), null];
    this.desk.painter.refuse(error.facts.place ?? null);
    if (!this.beside && error.facts.place) this.desk.reveal(boxOfShape(error.facts.place));
  }

  async accept() {
    if (!this.intent || this.busy) return;
    this.busy = this.taking = true;
    this.render();
    try {
      await this.desk.draft.take(this.intent);
      this.desk.finish(this.way.done());
    } catch (error) {
      this.busy = this.taking = false;
      this.refuse(error);
      this.render();
    }
  }

  /** The grids that the trial touches, in the order of their colours: who keeps first. */
  get parts() {
    const { trial } = this.desk.draft;
    if (!trial) return [];
    const codes = trial.handed.flatMap(({ giver, taker }) => [giver, taker]).filter((code) => !code.startsWith("~"));
    const there = new Set(this.desk.draft.then().grids.map(({ code }) => code));
    return [...new Set([...this.picked.filter((code) => codes.includes(code)), ...codes])].filter((code) => there.has(code));
  }

  render() {
    const { desk, parts } = this;
    desk.paint({ parts, picked: this.picked });
    desk.show(this.way.title(), body(this), foot(this));
  }
}

/** @param {GeoJSON.Geometry} shape @returns {Box | null} */
export function boxOfShape(shape) {
  const places = /** @type {number[][]} */ (/** @type {any} */ (shape).coordinates?.flat(Infinity).reduce((/** @type {number[][]} */ all, /** @type {number} */ value, /** @type {number} */ i) => {
    if (i % 2) all[all.length - 1].push(value);
    else all.push([value]);
    return all;
  }, []) ?? []);
  return places.length ? boxOf(places) : null;
}
