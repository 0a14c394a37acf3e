/** Where redrawing happens: the map, the plan, and what the panel shows of both. */

import { Refusal, sentence } from "../api.js";
import { byId, el, fill } from "../dom.js";
import { boxOf, readPlace } from "../geometry.js";
import { marked, t } from "../i18n.js";
import { raise } from "../sheet.js";
import { bringBoxIntoView, bringIntoView } from "../tools/view.js";
import { doubt, trust } from "./doubt.js";
import { HandOver } from "./hand.js";
import { homeView } from "./home.js";
import { Job } from "./job.js";
import { ADVANCED, FILL, MERGE, SPLIT } from "./jobs.js";
import { Locking } from "./locking.js";
import { Painter } from "./painter.js";
import { selectorOf } from "./refound.js";
import { Review } from "./review.js";
import { flaws, nameOfFlaw, polygons, standing } from "./standing.js";
import { Suggest } from "./suggest.js";

const NEAREST = 17.5;
const STAYS_MS = 6000;

/** @typedef {{start: () => void, stop: () => void, pending?: boolean, drop?: () => void}} Mode `pending` is what was begun and not accepted; it can be dropped alone */

export class Desk {
  /** @param {L.Map} map @param {import("./draft.js").Draft} draft */
  constructor(map, draft) {
    this.map = map;
    this.draft = draft;
    this.painter = new Painter(map);
    /** @type {Mode | null} */
    this.mode = null;
    this.problem = -1;
    /** @type {import("./doubt.js").Doubt | null} a step that was refused when it was taken again */
    this.doubt = null;
    /** The grid that one has come for, or whose problem is shown. */
    this.focus = "";
    this.view = byId("redraw");
    this.foot = byId("redraw-foot");
    this.buttons = { undo: byId("redraw-undo", HTMLButtonElement), redo: byId("redraw-redo", HTMLButtonElement), compare: byId("redraw-compare", HTMLButtonElement) };
    /** @type {Partial<import("./painter.js").Picture>} what was painted last */
    this.painted = {};
    this.buttons.undo.addEventListener("click", () => this.turn("undo"));
    this.buttons.redo.addEventListener("click", () => this.turn("redo"));
    this.buttons.compare.addEventListener("click", () => this.compare(this.buttons.compare.getAttribute("aria-pressed") !== "true"));
    draft.addEventListener("changed", () => this.changed());
    draft.addEventListener("keeping", () => this.tell());
    document.addEventListener("keydown", (event) => this.key(event));
    this.now = /** @type {import("./standing.js").Standing} */ ({ grids: [], open: [], homes: new Map(), gone: [], cut: new Set() });
    /** @type {import("./standing.js").Flaw[]} */
    this.flaws = [];
    /** @type {import("./standing.js").Flaw[]} what the last step has made */
    this.fresh = [];
    this.stepsSeen = Infinity;
  }

  /** The ground and the plan are there. */
  opened() {
    const { scene } = this.draft;
    const returning = readPlace(location.hash) !== null;
    const judging = this.draft.isOpen ? [] : this.now.grids.filter(({ changed }) => changed).map(({ shape }) => shape);
    if (scene && !returning) this.look(judging.length ? judging : scene.grids.map(({ geometry }) => geometry));
    const wanted = new URLSearchParams(location.search).get("grid");
    if (wanted && !this.draft.steps) {
      this.focus = wanted;
      if (!returning) this.approach([wanted]);
    }
    this.home();
  }

  changed() {
    if (!this.draft.scene) return;
    this.now = this.draft.now();
    this.painter.locked = new Set(this.draft.locks.map(({ grid }) => grid));
    const before = this.flaws.map(nameOfFlaw);
    this.flaws = flaws(this.draft.scene, this.now);
    this.fresh = this.draft.steps > this.stepsSeen ? this.flaws.filter((flaw) => !before.includes(nameOfFlaw(flaw))) : [];
    this.stepsSeen = this.draft.steps;
    this.problem = Math.min(this.problem, this.flaws.length - 1);
    this.tell();
    if (!this.mode) this.home();
  }

  /** Say where the plan is kept, and what can be taken back. */
  tell() {
    const { keeping, steps, undone, isOpen, plan } = this.draft;
    const words = { saved: plan ? t("已自动保存") : t("还没有改动"), saving: t("正在保存……"), waiting: t("连不上服务，这一步存在本机，连上后自动补上。") };
    byId("redraw-kept").textContent = words[keeping];
    byId("redraw-kept").classList.toggle("waiting", keeping === "waiting");
    this.buttons.undo.disabled = !isOpen || keeping === "waiting" || (steps === 0 && !this.mode?.pending);
    this.buttons.redo.disabled = !isOpen || !plan || undone === 0 || keeping === "waiting";
    this.buttons.compare.hidden = steps === 0;
  }

  /** @param {"undo" | "redo"} way @param {string[]} [cuts] */
  async turn(way, cuts) {
    if (way === "undo" && this.mode?.pending) return this.#drop(this.mode);
    if (this.mode) this.leave();
    this.say(way === "undo" ? t("正在撤销……") : t("正在重做……"));
    this.turning = this.#turn(way, cuts);
    await this.turning;
    this.turning = null;
  }

  /** What was begun goes first; the steps stay. @param {Mode} mode */
  #drop(mode) {
    mode.drop?.();
    this.say(t("没做完的已放下，画好的步骤都在。"));
  }

  /** An undo or redo under way; what is begun meanwhile waits for it. @type {Promise<void> | null} */
  turning = null;

  /** @param {"undo" | "redo"} way @param {string[]} [cuts] */
  async #turn(way, cuts) {
    let away = false;
    trust(this);
    try {
      await this.draft.turn(way, cuts);
      this.say(way === "undo" ? t("已撤销一步。") : t("已重做一步。"));
    } catch (error) {
      if (error instanceof Refusal && ["nothing_to_undo", "nothing_to_redo"].includes(error.code)) this.draft.undone = 0;
      away = error instanceof Refusal && error.code === "unreachable";
      this.say(doubt(this, error, (yes) => this.turn(way, yes)) ? "" : sentence(error));
      this.tell();
    }
    this.home();
    if (away) byId("redraw-kept").textContent = t("连不上服务，没有改动。");
  }

  /** The beginning: what do you want to do? */
  home() {
    this.leave();
    const { house, houses = house ? [house] : [] } = this.flaws[this.problem] ?? {};
    this.paint({ picked: this.focus ? [this.focus] : [], chosen: new Set(houses.map(({ code }) => code)) });
    homeView(this);
  }

  leave() {
    this.mode?.stop();
    this.mode = null;
  }

  /** A step was taken. @param {string} said */
  finish(said) {
    [this.problem, this.focus] = [-1, ""];
    this.home();
    this.say(this.draft.keeping === "waiting" ? t("这一步存在本机，连上后自动补上。") : said);
  }

  /** @param {Mode} mode */
  enter(mode) {
    if (this.turning) return void this.turning.then(() => this.enter(mode));
    this.leave();
    if (this.doubt) trust(this);
    this.say("");
    this.mode = mode;
    raise();
    mode.start();
    this.view.querySelector("h1, h2")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} name @param {string[]} [picked] */
  begin(name, picked = []) {
    if (name === "lock") return this.locks();
    if (name === "suggest") return this.suggest();
    if (name === "hand") return this.enter(new HandOver(this, { to: picked[0] }));
    const way = [SPLIT, MERGE, FILL, ...ADVANCED].find((one) => one.name === name);
    if (way) this.enter(new Job(this, way, picked));
  }

  review() {
    this.enter(new Review(this));
  }

  locks() {
    this.enter(new Locking(this));
  }

  suggest() {
    this.enter(new Suggest(this));
  }

  /** Show the present instead of the plan, or the plan again. @param {boolean} present */
  compare(present) {
    const { scene } = this.draft;
    if (!scene) return;
    this.buttons.compare.setAttribute("aria-pressed", String(present));
    if (!present) return this.paint(this.painted);
    this.painter.paint({ scene, now: standing(scene, null), then: null, parts: [], picked: [], chosen: new Set(), handed: [] });
    this.say(t("这是现在的边界。再按一次看方案。"));
  }

  /** Show this in the panel; the focus stays where it was, or goes to the heading.
   * @param {string} title @param {(Node | null | false)[]} body @param {(Node | null | false)[]} foot */
  show(title, body, foot) {
    const held = this.view.contains(document.activeElement) || this.foot.contains(document.activeElement);
    const kept = held && document.activeElement ? selectorOf(document.activeElement) : "";
    const top = this.view.scrollTop;
    const heading = el("h1", { class: "place-name", tabindex: -1 }, ...marked(title));
    fill(this.view, el("div", { class: "redraw-view" }, heading, ...body));
    fill(this.foot, ...foot);
    this.foot.hidden = !foot.some(Boolean);
    this.tell();
    this.view.scrollTop = this.title === title ? top : 0;
    this.title = title;
    this.view.querySelector(".refused-box[role=alert]")?.scrollIntoView({ block: "nearest" });
    if (!held) return;
    const again = kept ? document.querySelector(kept) : null;
    if (again instanceof HTMLElement && !again.hasAttribute("disabled")) again.focus({ preventScroll: true });
    else heading.focus({ preventScroll: true });
  }

  title = "";

  /** @param {Partial<import("./painter.js").Picture>} more */
  paint({ parts = [], picked = [], chosen = new Set() }) {
    const { scene, trial } = this.draft;
    if (!scene) return;
    this.painted = { parts, picked, chosen };
    this.buttons.compare.setAttribute("aria-pressed", "false");
    this.painter.paint({ scene, now: this.now, then: trial ? this.draft.then() : null, parts, picked, chosen, handed: trial?.handed ?? [] });
  }

  /** Say it to who sees and who hears. @param {string} text */
  say(text) {
    clearTimeout(this.saying);
    fill(byId("redraw-said"), ...marked(text));
    if (text) this.saying = setTimeout(() => this.say(""), STAYS_MS);
  }

  saying = 0;

  /** Bring grids into the open part of the map. @param {string[]} codes */
  approach(codes) {
    const shapes = this.now.grids.filter(({ code }) => codes.includes(code)).map(({ shape }) => shape);
    if (shapes.length) this.look(shapes);
  }

  /** @param {import("./standing.js").Shape[]} shapes */
  look(shapes) {
    this.bring(boxOf(shapes.flatMap((shape) => polygons(shape).flatMap(({ coordinates }) => coordinates[0]))));
  }

  /** @param {Box} box */
  bring(box) {
    bringBoxIntoView(this.map, box, NEAREST);
  }

  /** Show a place without zooming, and only where it is out of sight: clicks may be on their way. @param {Box | null} box */
  reveal(box) {
    if (box) bringIntoView(this.map, (box[1] + box[3]) / 2, (box[0] + box[2]) / 2);
  }

  /** Step to the next problem, or to this one. @param {number} by */
  step(by) {
    if (!this.flaws.length) return;
    this.problem = (this.problem + by + this.flaws.length) % this.flaws.length;
    const { grid, houses = [], at: [lon, lat] } = this.flaws[this.problem];
    this.focus = grid?.code ?? "";
    const near = 0.0008;
    if (grid) this.look([grid.shape]);
    else if (houses.length) this.look(houses.map(({ outline }) => ({ type: "Polygon", coordinates: outline })));
    else this.bring([lon - near, lat - near, lon + near, lat + near]);
    this.home();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { target, key, altKey } = event;
    const typing = target instanceof HTMLElement && target.closest("input:not([type=checkbox]), select, textarea");
    if (key === "Escape" && this.mode) this.home();
    if (typing || altKey) return;
    if (event.ctrlKey || event.metaKey) return this.#turned(event);
    if (!this.mode && key.toLowerCase() === "n") this.step(1);
  }

  /** Ctrl+Z and Ctrl+Y. @param {KeyboardEvent} event */
  #turned(event) {
    const way = { z: event.shiftKey ? "redo" : "undo", y: "redo" }[event.key.toLowerCase()];
    if (way !== "undo" && way !== "redo") return;
    event.preventDefault();
    if (!this.buttons[way].disabled) this.turn(way);
  }
}
