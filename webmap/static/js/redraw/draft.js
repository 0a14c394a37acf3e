/**
 * The plan that is drawn here: kept on the server step by step, so that a reload, Back or another
 * machine go on where it stands. A step that could not be sent waits on this device and is sent once.
 */

import { Refusal, ask } from "../api.js";
import { usualName } from "./naming.js";
import { newlyCut } from "./parts.js";
import { standing } from "./standing.js";
import { store, stored } from "./waiting.js";

const AGAIN_MS = 4000;
const KEY = "plan";
const WAITING = "wangge.step.";
const LOCKS = "/api/locks";
/** States in which a plan is drawn on, and those in which its ground is computed. */
const DRAWN = ["draft", "returned", "conflicted"];
const COMPUTED = [...DRAWN, "submitted", "approved", "scheduled"];
/** @type {Pick<DrawnPlan, "steps" | "undone" | "cells" | "handed" | "preview">} */
const NOTHING_DRAWN = {
  steps: 0, undone: 0, cells: { type: "FeatureCollection", features: [] }, handed: [],
  preview: { before: {}, after: {}, new: [], retired: [], issues: [], buildings: [], cut: [], courtyards: [], astride: [], band: { norm: 0, low: 0, high: 0 }, rate: 0 },
};

/** @typedef {"saved" | "saving" | "waiting"} Keeping */

export class Draft extends EventTarget {
  /** @param {{community: string, login: string, ground: string, plans: string}} about */
  constructor({ community, login, ground, plans }) {
    super();
    this.community = community;
    this.login = login;
    this.urls = { ground: `${ground}/${encodeURIComponent(community)}/ground`, plans };
    this.scene = /** @type {Scene | null} */ (null);
    this.plan = /** @type {DrawnPlan | null} */ (null);
    this.trial = /** @type {DrawnPlan | null} */ (null);
    /** @type {Refusal | null} what keeps the plan from being drawn at all */
    this.blocked = null;
    /** @type {Keeping} */
    this.keeping = "saved";
    /** @type {GridLock[]} */
    this.locks = [];
    /** @type {GroundConflict[]} what others have changed under the plan */
    this.conflicts = [];
    /** @type {RedrawPlan[]} the plans of the community, as they were listed last */
    this.listed = [];
    this.undone = 0;
    this.trying = 0;
  }

  /** Fetch the ground, and the plan that the address names or that was drawn here last. */
  async open() {
    [this.scene, this.locks] = await Promise.all([ask(this.urls.ground), this.#locks(), this.#list()]);
    const mine = this.listed.find(({ state, author }) => DRAWN.includes(state) && author === this.login);
    const id = new URLSearchParams(location.search).get(KEY) ?? mine?.public_id;
    if (id) await this.fetch(id);
    this.#tell("changed");
    this.#resend();
  }

  /** @param {string} id */
  async fetch(id) {
    try {
      this.plan = await ask(`${this.urls.plans}/${id}`);
      this.blocked = null;
      this.undone = this.plan?.undone ?? 0;
      if (this.plan && !COMPUTED.includes(this.plan.state)) this.plan = { ...this.plan, ...NOTHING_DRAWN };
      this.#name(id);
    } catch (error) {
      if (!(error instanceof Refusal) || ![404, 409, 422].includes(error.status)) throw error;
      if (error.status === 404) this.#name(null);
      else await this.#block(id, error);
    }
  }

  /** The plan does not fit the ground any more: why, and what others have changed.
   * @param {string} id @param {Refusal} error */
  async #block(id, error) {
    this.blocked = error;
    const [plans, { items }] = await Promise.all([this.#list(), ask(`${this.urls.plans}/${id}/conflict`)]);
    const row = plans.find(({ public_id: one }) => one === id);
    this.plan = row ? { ...row, ...NOTHING_DRAWN } : null;
    this.conflicts = items;
    this.#name(id);
  }

  /** The grids of the community that are locked. @returns {Promise<GridLock[]>} */
  async #locks() {
    return (await ask(LOCKS, { params: { community: this.community } })).items;
  }

  /** Lock a grid with a reason, for good or until a day. @param {string} grid @param {string} reason @param {string} until */
  async lock(grid, reason, until) {
    await ask(LOCKS, { body: until ? { grid, reason, until } : { grid, reason } });
    this.locks = await this.#locks();
    this.#tell("changed");
  }

  /** @param {number} id */
  async unlock(id) {
    await ask(`${LOCKS}/${id}/release`, { body: {} });
    this.locks = await this.#locks();
    this.#tell("changed");
  }

  /** The plans of the community, last changed first. @returns {Promise<RedrawPlan[]>} */
  async #list() {
    this.listed = (await ask(this.urls.plans, { params: { community: this.community } })).items;
    return this.listed;
  }

  /** The grids as they would be now. @param {DrawnPlan | null} [plan] */
  now(plan = this.plan) {
    if (!this.scene) throw new Error("the ground is not there yet");
    return standing(this.scene, plan);
  }

  /** The grids as they would be after what is tried. */
  then() {
    return this.now(this.trial ?? this.plan);
  }

  get steps() {
    return this.plan?.steps ?? 0;
  }

  /** Whether more can be drawn. */
  get isOpen() {
    return !this.blocked && (!this.plan || DRAWN.includes(this.plan.state));
  }

  /** What an intent would do; only the newest question counts. @param {RedrawIntent} intent */
  async attempt(intent) {
    const mine = ++this.trying;
    const plan = await this.begun();
    try {
      const trial = await ask(`${this.urls.plans}/${plan.public_id}/try`, { body: { intent, at: this.steps } });
      if (mine === this.trying) this.trial = trial;
    } catch (error) {
      if (error instanceof Refusal && error.code === "plan_moved_on") await this.#catchUp();
      if (mine === this.trying) throw error;
    }
    return mine === this.trying;
  }

  /** Forget what was tried. */
  forget() {
    this.trying += 1;
    this.trial = null;
  }

  /** Take a step, with the yes to all that its trial showed as cut; it waits where the server cannot be reached. @param {RedrawIntent} intent */
  async take(intent) {
    const plan = await this.begun();
    const cuts = [...new Set([...(intent.cuts ?? []), ...(this.trial ? newlyCut(this.trial, this.plan) : [])])].sort();
    const step = { intent: cuts.length ? { ...intent, cuts } : intent, at: this.steps };
    this.#keep("saving");
    try {
      await this.#send(plan.public_id, step);
    } catch (error) {
      if (error instanceof Refusal && error.code === "unreachable") return this.#wait(plan.public_id, step);
      this.#keep("saved");
      if (error instanceof Refusal && error.code === "plan_moved_on") await this.#catchUp();
      throw error;
    }
  }

  /** @param {string} id @param {{intent: RedrawIntent, at: number}} step */
  async #send(id, step) {
    this.plan = await ask(`${this.urls.plans}/${id}/draw`, { body: step });
    this.undone = 0;
    this.forget();
    this.#keep("saved");
    this.#tell("changed");
  }

  /** @param {string} id @param {{intent: RedrawIntent, at: number}} step */
  #wait(id, step) {
    store(`${WAITING}${id}`, JSON.stringify(step));
    this.#keep("waiting");
    setTimeout(() => this.#resend(), AGAIN_MS);
  }

  /** Send the step that waits, if one does. */
  async #resend() {
    const id = this.plan?.public_id;
    const kept = id ? stored(`${WAITING}${id}`) : null;
    if (!id || !kept) return;
    this.#keep("waiting");
    try {
      await this.#send(id, JSON.parse(kept));
    } catch (error) {
      if (error instanceof Refusal && error.code === "unreachable") return void setTimeout(() => this.#resend(), AGAIN_MS);
      this.#keep("saved");
      await this.#catchUp();
    }
    store(`${WAITING}${id}`, null);
  }

  /** Fetch what somebody else, or this very step on a lost way back, has made of the plan. */
  async #catchUp() {
    if (!this.plan) return;
    this.forget();
    await this.fetch(this.plan.public_id);
    this.#tell("changed");
  }

  /** @param {"undo" | "redo"} way @param {string[]} [cuts] buildings that it may cut */
  async turn(way, cuts) {
    if (!this.plan) return;
    this.forget();
    const { public_id: id, changed_at: seen } = this.plan;
    this.plan = await ask(`${this.urls.plans}/${id}/${way}`, { body: cuts ? { seen, cuts } : { seen } }).catch(async (error) => {
      if (error instanceof Refusal && error.code === "plan_moved_on") await this.#catchUp();
      if (error instanceof Refusal && error.code === "ground_changed") await this.#block(id, error);
      throw error;
    });
    this.put(this.plan, this.plan?.undone);
  }

  /** Give the plan another name. @param {string} name */
  async rename(name) {
    if (!this.plan) return;
    const { changed_at } = await ask(`${this.urls.plans}/${this.plan.public_id}/name`, { body: { name } });
    this.plan = { ...this.plan, name, changed_at };
  }

  /** A move with the plan as a whole. @param {string} move @param {Record<string, unknown>} [body] */
  async move(move, body = {}) {
    if (!this.plan) return;
    const made = await ask(`${this.urls.plans}/${this.plan.public_id}/${move}`, { body });
    if (!made.public_id) return this.renew();
    this.blocked = null;
    if (COMPUTED.includes(made.state)) await this.fetch(made.public_id);
    else {
      this.plan = { ...made, ...NOTHING_DRAWN };
      this.scene = await ask(this.urls.ground);
    }
    this.#tell("changed");
    return made;
  }

  /** The plan as somebody else's door answered it. @param {DrawnPlan | null} plan @param {number} [undone] */
  put(plan, undone = 0) {
    [this.plan, this.undone] = [plan, undone];
    this.#tell("changed");
  }

  /** What publishing would mean for people. @returns {Promise<RedrawImpact>} */
  async impact() {
    return ask(`${this.urls.plans}/${this.plan?.public_id}/impact`);
  }

  /** Leave the plan as it is and begin another one with the next step. */
  async renew() {
    this.plan = null;
    this.blocked = null;
    this.undone = 0;
    this.forget();
    this.#name(null);
    [this.scene] = await Promise.all([ask(this.urls.ground), this.#list()]);
    this.#tell("changed");
  }

  /** The plan, begun where there is none. @returns {Promise<RedrawPlan>} */
  async begun() {
    if (this.plan) return this.plan;
    const name = usualName(this.scene?.name ?? "", await this.#list());
    const made = await ask(this.urls.plans, { body: { community: this.community, name } });
    this.#name(made.public_id);
    await this.fetch(made.public_id);
    return made;
  }

  /** @param {Keeping} keeping */
  #keep(keeping) {
    this.keeping = keeping;
    this.#tell("keeping");
  }

  /** Let the address name the plan. @param {string | null} id */
  #name(id) {
    const query = new URLSearchParams(location.search);
    if (id) query.set(KEY, id);
    else query.delete(KEY);
    history.replaceState(history.state, "", `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`);
  }

  /** @param {"changed" | "keeping"} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}
