/** Suggested grids: asked for, followed, called off; three alternatives, taken whole or one by one. */

import { Refusal, ask, sentence } from "../api.js";
import { el, icon } from "../dom.js";
import { count } from "../format.js";
import { heart, holds } from "../geometry.js";
import { lang, marked, t } from "../i18n.js";
import { howMany } from "./dividing.js";
import { action, cutAnyway, homes, unended, verdict } from "./parts.js";
import { Pen } from "./pen.js";
import { isOther, leftWith } from "./reckoning.js";
import { numberOf } from "./standing.js";

const AGAIN_MS = 1000;
const URL = "/api/suggestions";

/** @typedef {import("./desk.js").Desk} Desk @typedef {"rebalance" | "divide" | "blocks"} Kind */
/** @typedef {{public_id: string, state: string, done: number, error: {title?: string} | null, kind: Kind, alternatives?: Alternative[]}} SuggestionJob */
/** @typedef {{leaning: string, figures: Record<string, number>, grids: {features: GeoJSON.Feature<GeoJSON.MultiPolygon, {code: string | null, households: number}>[]}}} Alternative */

/** @type {[Kind, () => string, () => string][]} */
const KINDS = [
  ["rebalance", () => t("调匀现有网格"), () => t("少搬动，让每个网格都在户数范围内")],
  ["divide", () => t("重新划分整个社区"), () => t("按道路和户数从头划")],
  ["blocks", () => t("按街区划"), () => t("每个街区成一个网格")],
];

/** @type {Record<string, () => string>} */
const LEANINGS = { even: () => t("户数最匀"), streets: () => t("多沿道路"), steady: () => t("搬动最少"), compact: () => t("形状最紧凑") };

export class Suggest {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    /** @type {SuggestionJob | null} */
    this.job = null;
    this.index = 0;
    /** @type {Set<number>} the grids to take; all where it is empty */
    this.wanted = new Set();
    this.error = "";
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
  #over() {
    const { plan, steps } = this.desk.draft;
    return steps ? plan?.public_id : undefined;
  }

  /** How a grid is called here; one that the plan adds has the number that it will have. @param {string} code */
  #number(code) {
    return this.desk.now.grids.find((grid) => grid.code === code)?.number ?? numberOf(code);
  }

  /** Ask anew. */
  again() {
    [this.job, this.error] = [null, ""];
    this.wanted.clear();
    this.render();
  }

  /** @param {Kind} kind @param {number} [number] of grids to divide into */
  async order(kind, number) {
    this.asking = false;
    await this.#do(async () => this.follow(await ask(URL, { body: { community: this.desk.draft.community, kind, number, plan: this.#over() } })));
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
    this.error = "";
    try {
      await deed();
    } catch (error) {
      this.error = sentence(error);
      const remedy = error instanceof Refusal && error.code === "buildings_cut" ? error.facts.remedy : null;
      [this.cuts, this.cutting] = remedy ? [remedy.changes.cuts, unended(remedy.title)] : [[], ""];
      if (this.desk.mode === this) this.render();
    }
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
    this.cuts = [];
    this.render();
  }

  /** @param {number} index */
  choose(index) {
    this.index = index;
    this.wanted.clear();
    this.cuts = [];
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

  #wrong() {
    const told = this.error || (this.job?.state === "failed" ? (this.job.error?.title ?? t("这次没有算出来。")) : "");
    return told ? el("p", { class: "refused-box", role: "alert" }, ...marked(told)) : null;
  }

  #body() {
    const { job } = this;
    if (!job || ["failed", "cancelled"].includes(job.state)) return this.#kinds();
    if (["waiting", "running"].includes(job.state)) {
      return [el("p", { class: "asked-now", role: "status" }, t("正在算，可以先做别的……")), el("progress", { class: "suggesting", max: 1, value: job.done, "aria-label": t("进度") })];
    }
    return [this.#alternatives(job), this.#grids()];
  }

  #kinds() {
    const rows = KINDS.map(([kind, title, hint]) => el("li", {}, el("button", { type: "button", class: "choice", "data-kind": kind, onclick: () => kind === "divide" ? this.askNumber(true) : this.order(kind) },
      el("span", { class: "choice-name" }, el("b", {}, title()), el("br", {}), el("small", {}, hint())))));
    return [el("p", { class: "redraw-lead" }, t("算出三种划法供挑选：网格连成片，尽量沿道路，不切楼，少拆党小组，少搬人。"), this.#over() ? el("br", {}) : null, this.#over() ? t("按方案里已经画好的边界算。") : null), el("ul", { class: "choices" }, ...rows)];
  }

  /** @param {SuggestionJob} job */
  #alternatives({ alternatives = [] }) {
    const rows = alternatives.map(({ leaning, figures }, index) => el("li", {},
      el("button", { type: "button", class: "choice alternative", "aria-pressed": String(index === this.index), onclick: () => this.choose(index) },
        el("span", { class: "choice-name" }, el("b", {}, LEANINGS[leaning]?.() ?? leaning), el("br", {}), el("small", {}, figured(figures))))));
    return el("section", {}, el("h2", { class: "ask" }, t("{count} 种划法", { count: alternatives.length })), el("ul", { class: "choices" }, ...rows));
  }

  #grids() {
    const { shown, desk } = this;
    if (!shown || !desk.draft.scene) return null;
    const { band } = desk.draft.scene;
    const { features } = shown.grids;
    const rows = features.map((feature, index) => {
      if (!isOther(feature, desk.now)) return null;
      const { code, households } = feature.properties;
      const box = el("input", { type: "checkbox", "data-house": `s${index}`, onchange: () => this.toggle(index) });
      box.checked = this.wanted.has(index);
      return el("li", {}, el("label", { class: "tick" }, box, el("span", {}, code ? t("{number} 网格", { number: this.#number(code) }) : t("新网格")), el("small", {}, homes(households)), verdict(households, band)));
    });
    const warned = this.wanted.size ? leftWith(desk.draft.scene, desk.now, features, this.wanted) : [];
    return el("details", { class: "by-list", open: this.wanted.size > 0 }, el("summary", {}, t("只要其中几个网格")), el("ul", { class: "houses" }, ...rows),
      warned.length ? el("ul", { class: "warnings", role: "status" }, ...warned.map((one) => el("li", {}, icon("alert"), el("span", {}, left(one, band))))) : null);
  }

  /** The alternative on the map, in place of the grids as they are. */
  #draw() {
    const { desk, shown, wanted } = this;
    const { scene } = desk.draft;
    desk.paint({});
    if (!shown || !scene) return;
    const grids = shown.grids.features.map(({ geometry, properties }, index) => gridOf(geometry, properties, index, properties.code ? this.#number(properties.code) : t("新")));
    desk.painter.paint({ scene, now: desk.now, then: { ...desk.now, grids }, parts: [], picked: [...wanted].map((index) => grids[index].code), chosen: new Set(), handed: [] });
  }

  #foot() {
    const running = this.job && ["waiting", "running"].includes(this.job.state);
    const leave = action(t("返回"), null, () => this.desk.home(), { id: "cancel", keys: "Escape" });
    if (running) return [leave, action(t("停止计算"), "close", () => this.cancel(), { id: "stop" })];
    if (!this.shown) return [leave];
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

/** @param {{grid: import("./standing.js").Grid, left: number}} one @param {[number, number]} band */
function left({ grid, left: many }, [low]) {
  const words = { number: grid.number, homes: homes(many) };
  return many < low ? t("只要这几个的话，{number} 网格剩 {homes}，偏少", words) : t("只要这几个的话，{number} 网格还有 {homes}，偏多", words);
}

/** @param {Record<string, number>} figures */
function figured(figures) {
  const many = (/** @type {number} */ value) => count(value, lang);
  return t("{grids} 个网格，{within} 个合适；{least}–{most} 户；{moved} 户换网格；{cut} 个党小组拆开；{streets}% 沿道路", {
    grids: figures.grids, within: figures.within, least: many(figures.least), most: many(figures.most),
    moved: many(figures.households_moved), cut: figures.groups_cut, streets: Math.round(figures.on_streets * 100),
  });
}
