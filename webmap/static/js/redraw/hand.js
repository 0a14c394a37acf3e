/** Handing buildings over: by clicks, a brush, a box or the list; nothing moves until accepted. */

import { Refusal } from "../api.js";
import { el } from "../dom.js";
import { boxOf, holds, holdsPoint } from "../geometry.js";
import { t } from "../i18n.js";
import { apartRemedies } from "./apart.js";
import { moreFigures } from "./figures.js";
import { hands } from "./hands.js";
import { houseList } from "./house-list.js";
import { boxOfShape } from "./job.js";
import { action, called, comparison, cutAnyway, gridChoice, homes, mended, newlyCut, refused, rowsOf, thingsCut, warnings } from "./parts.js";
import { Pen, degrees, pixels } from "./pen.js";
import { leavingLocked, unlocking } from "./remedies.js";
import { flatness } from "./snapping.js";
import { adjoins, handedOver } from "./standing.js";

const BRUSH_PX = 16;
const NEAR_PX = 18;
const SETTLE_MS = 500;

/** @typedef {[number, number]} Place @typedef {import("./hands.js").Hand} Hand */
export class HandOver {
  /** @param {import("./desk.js").Desk} desk @param {{to?: string, houses?: string[]}} [given] */
  constructor(desk, { to, houses = [] } = {}) {
    this.desk = desk;
    this.to = to ?? "";
    this.chosen = new Set(houses);
    /** @type {Hand} */
    this.hand = "click";
    /** @type {Refusal | null} */
    this.refusal = null;
    /** @type {RedrawIntent | null} */
    this.intent = null;
    this.busy = false;
    /** What the list of buildings shows. */
    this.look = { words: "", open: false };
    this.timer = 0;
    /** @type {Pen | null} */
    this.pen = null;
    this.erasing = false;
  }

  start() {
    this.#takePen();
    this.changed();
  }

  stop() {
    clearTimeout(this.timer);
    this.pen?.stop();
    this.desk.draft.forget();
    this.desk.painter.pen([]);
    this.desk.painter.refuse(null);
  }

  #takePen() {
    this.pen?.stop();
    const click = (/** @type {Place} */ at) => this.click(at);
    const drag = this.to && this.hand !== "click" ? (this.hand === "brush" ? this.#brush() : this.#box()) : undefined;
    this.pen = new Pen(this.desk.map, { click, drag });
  }

  #brush() {
    const paint = (/** @type {Place} */ at) => {
      const near = degrees(this.desk.map, BRUSH_PX);
      const met = this.#movable().filter(({ outline, door }) => holds({ type: "Polygon", coordinates: outline }, at) || away(door, at) < near);
      for (const { code } of met) this.#put(code, !this.erasing);
      if (met.length) this.repaint();
    };
    return {
      start: (/** @type {Place} */ at) => {
        const first = this.#houseAt(at);
        this.erasing = Boolean(first && this.chosen.has(first.code));
        paint(at);
      },
      move: paint,
      end: () => this.changed(),
    };
  }

  #box() {
    /** @type {Place} */
    let from = [0, 0];
    const ring = (/** @type {Place} */ to) => /** @type {Place[]} */ ([from, [to[0], from[1]], to, [from[0], to[1]]]);
    return {
      start: (/** @type {Place} */ at) => void (from = at),
      move: (/** @type {Place} */ at) => this.desk.painter.pen(ring(at), true),
      end: (/** @type {Place} */ at) => {
        const box = boxOf([from, at]);
        for (const { code, door } of this.#movable()) if (holdsPoint(box, ...door)) this.chosen.add(code);
        this.desk.painter.pen([]);
        this.changed();
      },
    };
  }

  /** Buildings that could go: those that are in a grid, and not in the one that takes them. */
  #movable() {
    const { homes: at } = this.desk.now;
    return (this.desk.draft.scene?.buildings ?? []).filter(({ id }) => at.get(id) && at.get(id) !== this.to);
  }

  /** @param {Place} at */
  #houseAt(at) {
    const houses = this.#movable();
    const inside = houses.find(({ outline }) => holds({ type: "Polygon", coordinates: outline }, at));
    if (inside) return inside;
    const near = houses.map((house) => ({ house, px: pixels(this.desk.map, house.door, at) })).sort((a, b) => a.px - b.px)[0];
    return near && near.px < NEAR_PX ? near.house : null;
  }

  /** @param {string} code @param {boolean} wanted */
  #put(code, wanted) {
    if (wanted) this.chosen.add(code);
    else this.chosen.delete(code);
  }

  /** @param {Place} at */
  click(at) {
    if (this.busy) return;
    if (!this.to) {
      const grid = this.desk.now.grids.find(({ shape }) => holds(shape, at));
      return grid ? this.#receive(grid.code) : this.desk.say(t("这里没有本社区的网格，请点网格里面。"));
    }
    const house = this.#houseAt(at);
    if (house) this.toggle(house);
    else this.desk.say(t("这里没有可以移交的楼栋，请点楼栋。"));
  }

  /** @param {SceneHouse} house */
  toggle({ code, name, address }) {
    this.#put(code, !this.chosen.has(code));
    this.desk.say(this.chosen.has(code) ? t("已选 {name}", { name: name || address }) : t("已取消 {name}", { name: name || address }));
    this.changed();
  }

  /** Which grid takes them, from the list: the map moves to it and its neighbours. @param {string} code */
  take(code) {
    this.#receive(code);
    const { grids } = this.desk.now;
    const taker = grids.find((grid) => grid.code === code);
    if (taker) this.desk.approach(grids.filter((grid) => grid === taker || adjoins(taker.shape, grid.shape)).map((grid) => grid.code));
  }

  /** @param {string} code */
  #receive(code) {
    this.to = code;
    const home = this.desk.now.homes;
    for (const { id, code: house } of this.desk.draft.scene?.buildings ?? []) if (home.get(id) === code) this.chosen.delete(house);
    this.#takePen();
    this.changed();
  }

  get pending() {
    return !this.busy && Boolean(this.to || this.chosen.size);
  }

  drop() {
    this.chosen.clear();
    this.#receive("");
  }

  /** @param {Hand} hand */
  use(hand) {
    this.hand = hand;
    this.#takePen();
    this.render();
  }

  /** The set has changed: what was known of it is no more. */
  changed() {
    [this.refusal, this.intent] = [null, null];
    this.desk.draft.forget();
    this.desk.painter.refuse(null);
    clearTimeout(this.timer);
    if (this.to && this.chosen.size) this.timer = setTimeout(() => this.attempt({ op: "hand", buildings: [...this.chosen].sort(), to: this.to }), SETTLE_MS);
    this.render();
  }

  /** @param {RedrawIntent} intent */
  async attempt(intent) {
    [this.intent, this.refusal] = [intent, null];
    try {
      if (!(await this.desk.draft.attempt(intent))) return;
    } catch (error) {
      this.refuse(error);
    }
    if (this.desk.mode === this) this.render();
  }

  /** @param {unknown} error */
  refuse(error) {
    if (!(error instanceof Refusal)) throw error;
    this.refusal = error;
    this.desk.say("");
    this.desk.painter.refuse(error.facts.place ?? null);
    if (error.facts.place) this.desk.reveal(boxOfShape(error.facts.place));
  }

  async accept() {
    clearTimeout(this.timer);
    const count = this.chosen.size;
    this.busy = true;
    this.render();
    try {
      await this.desk.draft.take(this.intent ?? { op: "hand", buildings: [...this.chosen].sort(), to: this.to });
      this.desk.finish(t("已移交 {count} 栋楼。", { count }));
    } catch (error) {
      this.busy = false;
      this.refuse(error);
      this.render();
    }
  }

  repaint() {
    const { scene, trial } = this.desk.draft;
    const chosen = scene ? handedOver(scene, this.desk.now, this.chosen, this.to).map(({ grid }) => grid.code) : [];
    const donors = trial ? trial.handed.map(({ giver }) => giver) : [];
    const there = new Set(this.desk.draft.then().grids.map(({ code }) => code));
    this.desk.paint({ parts: [...new Set([this.to, ...chosen, ...donors])].filter((code) => there.has(code)), picked: [], chosen: this.chosen });
  }

  render() {
    this.repaint();
    this.desk.show(t("移交楼栋"), this.to ? this.#body() : this.#first(), this.#foot());
  }

  #first() {
    const { scene } = this.desk.draft;
    return scene ? [el("p", { class: "asked-now", role: "status" }, t("先选接收的网格：在地图上点，或在下面选。")), gridChoice(this.desk.now.grids, scene.band, (code) => this.take(code), [], "number")] : [];
  }

  #body() {
    const { scene, trial, plan } = this.desk.draft;
    const taker = this.desk.now.grids.find(({ code }) => code === this.to);
    if (!scene || !taker) return [];
    return [
      el("p", { class: "asked-picked" }, t("接收：{name}", { name: `${called(taker)} · ${homes(taker.households)}` }), " ",
        el("button", { type: "button", class: "link", onclick: () => this.take("") }, t("换一个"))),
      this.refusal ? refused(this.refusal, this.intent ? (remedy) => this.intent && this.attempt(mended(this.intent, remedy)) : null, this.desk.now.grids, this.#apart(), this.#unlocked(this.refusal)) : null,
      el("p", { class: "asked-now" }, t("点、涂或框选要移交的楼栋；再点一次取消。")),
      hands(this.hand, (hand) => this.use(hand)),
      this.#counts(scene),
      trial ? warnings(trial, plan, scene) : null,
      trial ? moreFigures(this.desk.draft.then().grids.filter(({ code }) => code === this.to || trial.handed.some(({ giver }) => giver === code)), trial.preview, plan?.preview ?? null) : null,
      houseList(this.#movable(), { chosen: this.chosen, near: taker.label, look: this.look, at: this.desk.now.homes }, (house) => this.toggle(house), () => this.render()),
    ];
  }

  /** What would help buildings that lie apart from the taker. */
  #apart() {
    const { scene } = this.desk.draft;
    return apartRemedies(this.refusal, scene?.buildings ?? [], this.#movable(), this, this.desk.now.homes, (codes, wanted) => {
      for (const code of codes) this.#put(code, wanted);
      this.changed();
    });
  }

  /** What helps where a grid is locked. @param {Refusal} refusal */
  #unlocked(refusal) {
    const fail = (/** @type {unknown} */ error) => {
      this.refuse(error);
      this.render();
    };
    return [...leavingLocked(this.desk, refusal, this.chosen, (codes) => {
      for (const code of codes) this.chosen.delete(code);
      this.changed();
    }), ...unlocking(this.desk, refusal, () => this.changed(), fail)];
  }

  /** @param {Scene} scene */
  #counts(scene) {
    if (!this.chosen.size) return null;
    const found = handedOver(scene, this.desk.now, this.chosen, this.to);
    const rows = found.map(({ grid, before, after }, part) => comparison({ ...grid, households: after }, before, scene.band, part));
    return el("section", { class: "outcome", role: "status" }, el("h2", { class: "ask" }, t("选了 {count} 栋，会变成这样", { count: this.chosen.size })), rowsOf(rows));
  }

  #clear() {
    this.chosen.clear();
    this.changed();
  }

  #foot() {
    const leave = action(t("取消"), null, () => this.desk.home(), { id: "cancel", keys: "Escape" });
    if (!this.to || !this.chosen.size) return [leave];
    const { trial, plan } = this.desk.draft;
    const cut = trial && !this.refusal ? newlyCut(trial, plan) : [];
    if (trial && cut.length && !this.busy) return [leave, cutAnyway(t("仍然切开 {things}", { things: thingsCut(cut, trial.preview) }), () => this.accept()), action(t("重选"), "undo", () => this.#clear(), { strong: true })];
    return [leave, action(t("全部不选"), null, () => this.#clear()), action(t("确认移交 {count} 栋", { count: this.chosen.size }), "check", () => this.accept(), { strong: true, id: "accept", disabled: this.busy || !trial || Boolean(this.refusal) })];
  }
}

/** @param {Place} a @param {Place} b */
function away(a, b) {
  return Math.hypot((a[0] - b[0]) * flatness(a), a[1] - b[1]);
}
