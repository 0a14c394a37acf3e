/** Suggested grids: asked for, followed, called off; three alternatives, taken whole or one by one. */

import { Refusal, ask, sentence } from "../api.js";
import { el } from "../dom.js";
import { heart, holds } from "../geometry.js";
import { marked, t } from "../i18n.js";
import { howMany } from "./dividing.js";
import { action, cutAnyway, refused, unended } from "./parts.js";
import { Pen } from "./pen.js";
import { unlocking } from "./remedies.js";
import { numberOf } from "./standing.js";
import { alternatives, changing, kinds, lockedNote, nothingToDo, warned } from "./suggest-view.js";
import { changes, staying } from "./suggested.js";

const AGAIN_MS = 1000;
const URL = "/api/suggestions";

/** @typedef {import("./desk.js").Desk} Desk @typedef {"rebalance" | "divide" | "blocks"} Kind */
/** @typedef {{public_id: string, state: string, done: number, error: {title?: string} | null, kind: Kind, alternatives?: Alternative[]}} SuggestionJob */
/** @typedef {{leaning: string, also?: string[], figures: Record<string, number>, grids: {features: import("./suggested.js").Suggested[]}}} Alternative */

export class Suggest {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {SuggestionJob | null} */
    this.job = null;
    this.index = 0;
    /** @type {Set<number>} the grids to take; all where it is empty */
    this.wanted = new Set();
    /** @type {unknown} what was refused last */
    this.error = null;
    /** @type {string[]} the buildings that the server asked about */
    this.cuts = [];
    this.cutting = "";
    this.busy = false;
    this.timer = 0;
    /** @type {Pen | null} */
    this.pen = null;
  }

  async start() {
    this.pen = new Pen(this.desk.map, { click: (at) => this.toggleAt(at) });
    this.render();
    const { items } = /** @type {{items: SuggestionJob[]}} */ (await ask(URL, { params: { community: this.desk.draft.community } }));
    const unfinished = items.find(({ state }) => ["waiting", "running"].includes(state));
    if (unfinished) this.follow(unfinished);
  }

  /** Whether the number of grids is asked for. */
  asking = false;

  /** @param {boolean} asking */
  askNumber(asking) {
    this.asking = asking;
    this.render();
  }

  stop() {
    clearTimeout(this.timer);
    this.pen?.stop();
    this.desk.painter.refuse(null);
  }

  /** The draft on whose ground the suggestion is reckoned, once something is drawn. */
  over() {
    const { plan, steps } = this.desk.draft;
    return steps ? plan?.public_id : undefined;
  }

  /** How a grid is called here; one that the plan adds has the number that it will have. @param {string} code */
  number(code) {
    return this.desk.now.grids.find((grid) => grid.code === code)?.number ?? numberOf(code);
  }

  /** Ask anew. */
  again() {
    [this.job, this.error, this.index, this.cuts] = [null, null, 0, []];
    this.wanted.clear();
    this.render();
  }

  /** Unlock a grid; a suggestion that left it alone is asked for anew. @param {number} id @param {string} grid */
  async unlock(id, grid) {
    const asked = this.shown && !this.touches(grid);
    await this.#do(() => this.desk.draft.unlock(id));
    if (asked && !this.error) this.again();
    else if (this.desk.mode === this) this.render();
  }

  /** Whether the alternative shown changes a grid. @param {string} grid */
  touches(grid) {
    const features = this.shown?.grids.features ?? [];
    if (staying(features, this.desk.now).some(({ code }) => code === grid)) return false;
    return changes(features, this.desk.now).some(({ feature }) => feature.properties.code === grid) || !features.some(({ properties }) => properties.code === grid);
  }

  /** @param {Kind} kind @param {number} [number] of grids to divide into */
  async order(kind, number) {
    this.asking = false;
    this.index = 0;
    this.wanted.clear();
    await this.#do(async () => this.follow(await ask(URL, { body: { community: this.desk.draft.community, kind, number, plan: this.over() } })));
  }

  /** @param {SuggestionJob} job */
  follow(job) {
    const come = job.alternatives && !this.job?.alternatives && this.desk.draft.scene;
    this.job = job;
    this.render();
    if (come) this.desk.look(come.grids.map(({ geometry }) => geometry));
    if (["waiting", "running"].includes(job.state)) this.timer = setTimeout(() => this.look(), AGAIN_MS);
  }

  async look() {
    await this.#do(async () => {
      const job = await ask(`${URL}/${this.job?.public_id}`);
      if (this.desk.mode === this) this.follow(job);
    });
  }

  async cancel() {
    clearTimeout(this.timer);
    await this.#do(async () => this.follow(await ask(`${URL}/${this.job?.public_id}/cancel`, { body: {} })));
    this.job = null;
    this.render();
  }

  /** @param {() => Promise<void>} deed */
  async #do(deed) {
    this.error = null;
    try {
      await deed();
    } catch (error) {
      this.error = error;
      if (error instanceof Refusal && error.code === "grid_held") await this.#lookAtLocks();
      const remedy = error instanceof Refusal && error.code === "buildings_cut" ? error.facts.remedy : null;
      [this.cuts, this.cutting] = remedy ? [remedy.changes.cuts, unended(remedy.title)] : [[], ""];
      if (this.desk.mode === this) this.render();
    }
  }

  /** Somebody has locked a grid since this page was opened. */
  async #lookAtLocks() {
    const { draft } = this.desk;
    draft.locks = (await ask("/api/locks", { params: { community: draft.community } })).items;
  }

  get shown() {
    return this.job?.alternatives?.[this.index] ?? null;
  }

  /** @param {[number, number]} at */
  toggleAt(at) {
    const index = this.shown?.grids.features.findIndex(({ geometry }) => holds(geometry, at)) ?? -1;
    if (index >= 0) this.toggle(index);
  }

  /** @param {number} index */
  toggle(index) {
    if (!this.wanted.delete(index)) this.wanted.add(index);
    [this.cuts, this.error] = [[], null];
    this.render();
  }

  /** @param {number} index */
  choose(index) {
    this.index = index;
    this.wanted.clear();
    [this.cuts, this.error] = [[], null];
    this.render();
  }

  async accept() {
    const { draft } = this.desk;
    const grids = this.wanted.size ? [...this.wanted].sort((a, b) => a - b) : null;
    this.busy = true;
    this.render();
    await this.#do(async () => {
      const plan = await draft.begun();
      draft.put(await ask(`${URL}/${this.job?.public_id}/accept`, { body: { alternative: this.index, grids, plan: plan.public_id, cuts: this.cuts } }));
      this.cuts = [];
      this.desk.finish(t("建议已画进方案，还可以再改。"));
    });
    this.busy = false;
    if (this.desk.mode === this) this.render();
  }

  render() {
    this.#draw();
    const { scene } = this.desk.draft;
    if (this.asking && scene) {
      const { body, foot } = howMany(scene, (number) => this.order("divide", number), () => this.askNumber(false));
      return this.desk.show(t("重新划分整个社区"), [this.#wrong(), ...body], foot);
    }
    this.desk.show(t("网格建议"), [this.#wrong(), ...this.#body()], this.#foot());
  }

  /** What was refused, by the names on the map, with the way out as a button. */
  #wrong() {
    const { error, desk } = this;
    if (error instanceof Refusal) {
      const fail = (/** @type {unknown} */ other) => {
        this.error = other;
        this.render();
      };
      return refused(error, null, desk.now.grids, [], unlocking(desk, error, () => fail(null), fail));
    }
    const told = error ? sentence(error) : this.job?.state === "failed" ? (this.job.error?.title ?? t("这次没有算出来。")) : "";
    return told ? el("p", { class: "refused-box", role: "alert" }, ...marked(told)) : null;
  }

  #body() {
    const { job } = this;
    if (!job || ["failed", "cancelled"].includes(job.state)) return kinds(this);
    if (["waiting", "running"].includes(job.state)) {
      return [el("p", { class: "asked-now", role: "status" }, t("正在算，可以先做别的……")), lockedNote(this), el("progress", { class: "suggesting", max: 1, value: job.done, "aria-label": t("进度") })];
    }
    if (!this.#differs()) return [nothingToDo(), lockedNote(this)];
    return [warned(this), lockedNote(this), alternatives(this), changing(this)];
  }

  /** Whether what is shown is another than what stands. */
  #differs() {
    return changes(this.shown?.grids.features ?? [], this.desk.now).length > 0;
  }

  /** The alternative on the map, in place of the grids as they are. */
  #draw() {
    const { desk, shown, wanted } = this;
    const { scene } = desk.draft;
    desk.paint({});
    if (!shown || !scene) return;
    const grids = shown.grids.features.map(({ geometry, properties }, index) => gridOf(geometry, properties, index, properties.code ? this.number(properties.code) : t("新")));
    const still = staying(shown.grids.features, desk.now);
    desk.painter.paint({ scene, now: desk.now, then: { ...desk.now, grids: [...grids, ...still] }, parts: [], picked: [...wanted].map((index) => grids[index].code), chosen: new Set(), handed: [] });
  }

  #foot() {
    const running = this.job && ["waiting", "running"].includes(this.job.state);
    const leave = action(t("返回"), null, () => this.desk.home(), { id: "cancel", keys: "Escape" });
    if (running) return [leave, action(t("停止计算"), "close", () => this.cancel(), { id: "stop" })];
    if (!this.shown) return [leave];
    if (!this.#differs()) return [leave, action(t("重新算"), "redo", () => this.again(), { id: "again" })];
    if (this.cuts.length && !this.busy) return [leave, cutAnyway(this.cutting, () => this.accept())];
    const word = this.wanted.size ? t("采用选中的 {count} 个", { count: this.wanted.size }) : t("整个采用");
    return [leave, action(t("重新算"), "redo", () => this.again(), { id: "again" }), action(word, "check", () => this.accept(), { strong: true, id: "accept", disabled: this.busy })];
  }
}

/** @param {GeoJSON.MultiPolygon} shape @param {{code: string | null, households: number}} about @param {number} index @param {string} number
 * @returns {import("./standing.js").Grid} */
function gridOf(shape, { code, households }, index, number) {
  const label = /** @type {[number, number]} */ (heart(shape) ?? shape.coordinates[0][0][0]);
  const name = code ?? `+${index}`;
  return { code: name, named: name, number, kind: "basic", shape, households, was: null, isNew: !code, changed: true, label };
}
