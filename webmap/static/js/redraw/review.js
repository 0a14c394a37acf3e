/** Before publishing: who and what it moves, in plain words; and the moves that a plan can make. */

import { Refusal, sentence } from "../api.js";
import { el, icon } from "../dom.js";
import { day } from "../format.js";
import { lang, marked, said, t, timeZone } from "../i18n.js";
import { SURE, consequence } from "./confirming.js";
import { effects } from "./effects.js";
import { moreFigures } from "./figures.js";
import { posts } from "./posts.js";
import { remaining } from "./remaining.js";
import { handedIn, lacksWord, leadToNote, noteField, noteOf } from "./saying.js";
import { action, comparison, cutAnyway, ended, rowsOf, unended } from "./parts.js";
import { numberOf } from "./standing.js";

/** @typedef {import("./desk.js").Desk} Desk */
/** @typedef {{word: () => string, done: () => string, icon: string | null, strong?: boolean, remarks?: boolean, day?: boolean, named?: boolean}} Move */

/** @type {Record<string, Move>} */
const MOVES = {
  publish: { word: () => t("现在发布"), done: () => t("已经发布，地图和归属从现在起按新边界。"), icon: "check", strong: true },
  submit: { word: () => t("交街道审批"), done: () => t("已交街道审批。"), icon: "check", strong: true, named: true },
  approve: { word: () => t("批准"), done: () => t("已批准，可以发布了。"), icon: "check", strong: true },
  return: { word: () => t("退回修改"), done: () => t("已退回社区。"), icon: "back", remarks: true },
  schedule: { word: () => t("定日发布"), done: () => t("已定好日子，到时自动发布。"), icon: "clock", day: true },
  unschedule: { word: () => t("取消定日"), done: () => t("已取消定日。"), icon: null },
  withdraw: { word: () => t("收回再改"), done: () => t("已收回，可以再改。"), icon: "undo" },
  rollback: { word: () => t("撤回这次发布"), done: () => t("已撤回，边界恢复原样。"), icon: "undo" },
};

/** @type {Record<string, () => string>} */
const TITLES = { submitted: () => t("已提交"), approved: () => t("已批准"), scheduled: () => t("定日发布") };

/** @type {Record<string, () => string>} */
const STATES = {
  submitted: () => t("方案已交街道审批，批准前不能再改。"),
  approved: () => t("街道已批准，还没有发布。"),
  scheduled: () => t("已定好发布的日子。"),
};

export class Review {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.busy = false;
    this.error = "";
    this.asking = "";
    /** @type {string | null} */
    this.named = null;
    /** What is said with a move; it outlives being written anew when the effects arrive. */
    this.said = "";
    /** @type {{cuts: string[], word: string} | null} what taking back cuts, to be said yes to */
    this.anyway = null;
    /** @type {RedrawImpact | null} */
    this.impact = null;
  }

  start() {
    this.render();
    this.desk.approach(this.desk.now.grids.filter(({ changed }) => changed).map(({ code }) => code));
    if (this.desk.draft.plan?.steps) this.#foresee();
  }

  stop() {
    this.busy = false;
  }

  async #foresee() {
    [this.error, this.blind] = ["", false];
    try {
      this.impact = await this.desk.draft.impact();
    } catch (error) {
      [this.error, this.blind] = [sentence(error), true];
    }
    if (this.desk.mode === this) this.render();
  }

  /** Whether the effects could not be had: nothing is to be decided without them. */
  blind = false;

  render() {
    const { plan } = this.desk.draft;
    if (!plan) return this.desk.home();
    this.desk.paint({ parts: this.desk.now.grids.filter(({ changed }) => changed).map(({ code }) => code) });
    if (plan.rolled_back) return this.desk.show(t("已经撤回"), [wasTakenBack(plan.rolled_back)], this.#after({ ...plan, may: [] }));
    if (plan.takes_back) return this.desk.show(t("已经撤回"), [takenBack(plan, plan.takes_back)], this.#after({ ...plan, may: [] }));
    if (plan.state === "published") return this.desk.show(t("已经发布"), [...published(plan), this.#wrong(), this.#asked()], this.#after(plan));
    const first = this.blind || lacksWord(plan);
    const body = [this.#state(plan), first ? this.#wrong() : null, ...this.#impact(plan), first ? null : this.#wrong(), this.#asked()];
    this.desk.show(TITLES[plan.state]?.() ?? (hasToSubmit(plan) ? t("提交前看一看") : t("发布前看一看")), body, this.#foot(plan));
  }

  /** @param {DrawnPlan} plan */
  #state({ public_id: id, state, remarks, due_at: due }) {
    const told = [STATES[state]?.(), due ? t("发布日期：{day}", { day: day(due, { lang, timeZone }) }) : "", remarks ? (state === "submitted" ? t("社区说明：{remarks}", { remarks }) : t("审批意见：{remarks}", { remarks })) : ""].filter(Boolean);
    const link = state in TITLES ? el("a", { href: `/redraws/${id}` }, t("看这个方案")) : null;
    return told.length ? el("p", { class: "plan-state" }, ...marked(told.join(" ")), " ", link) : null;
  }

  #wrong() {
    const { plan } = this.desk.draft;
    if (!this.error) return null;
    return el("div", { class: "refused-box", role: "alert" }, icon("alert"), el("div", {}, el("p", {}, ...marked(this.error)),
      plan && lacksWord(plan) ? el("div", { class: "problem-deeds" }, action(t("写明为什么不改"), null, leadToNote, { strong: true, id: "remedy" })) : null));
  }

  /** @param {DrawnPlan} plan */
  #impact(plan) {
    const { desk } = this;
    const { scene } = desk.draft;
    if (!scene) return [];
    const rows = desk.now.grids.filter(({ changed }) => changed).map((grid, part) => comparison(grid, grid.was, scene.band, part));
    const gone = desk.now.gone.filter((code) => !code.startsWith("~")).map((code) => ended(numberOf(code), plan.preview.before[code]?.households ?? 0));
    const later = remaining(desk.now.grids.filter(({ changed }) => changed), this.impact, scene.band);
    return [
      plan.owes_answer ? this.#naming(plan) : null,
      el("section", {}, el("h2", { class: "ask" }, t("网格")), rowsOf([...rows, ...gone]), moreFigures(desk.now.grids.filter(({ changed }) => changed), plan.preview)),
      plan.owes_answer ? null : this.#naming(plan),
      this.#effects(plan, scene),
      later.length ? list(t("发布以后还要留意"), later) : null,
    ];
  }

  /** @param {DrawnPlan} plan @param {Scene} scene */
  #effects(plan, scene) {
    if (this.impact) return el("div", {}, list(t("会发生什么"), effects(plan, this.impact, scene)), posts(this.impact));
    return this.blind ? null : el("p", { role: "status" }, t("正在算影响……"));
  }

  /** Another name for the plan, and a word to the street, where it is to be judged. @param {DrawnPlan} plan */
  #naming(plan) {
    if (!hasToSubmit(plan)) return null;
    const name = el("input", { id: "plan-called", type: "text", maxlength: 200, oninput: () => void (this.named = name.value) });
    name.value = this.named ?? plan.name;
    return el("section", {}, el("label", { class: "move-asked" }, el("span", {}, t("方案名称")), name), noteField(plan));
  }

  /** What a move needs to be said with it. */
  #asked() {
    const { plan } = this.desk.draft;
    if (this.asking in SURE && plan) return el("p", { class: "plan-state", role: "status", id: "consequence" }, consequence(this.asking, plan, this.impact));
    const { remarks, day: wantsDay } = MOVES[this.asking] ?? {};
    if (!remarks && !wantsDay) return null;
    const field = remarks
      ? el("textarea", { id: "move-said", rows: 3, maxlength: 1000 })
      : el("input", { id: "move-said", type: "date" });
    field.value = this.said;
    field.addEventListener("input", () => void (this.said = field.value));
    return el("label", { class: "move-asked" }, el("span", {}, remarks ? t("说说要改什么") : t("哪一天发布")), field);
  }

  /** @param {DrawnPlan} plan */
  #foot({ may, state }) {
    if (this.busy) return [el("p", { class: "asked-now", role: "status" }, t("正在办理……"))];
    const shown = Object.keys(MOVES).filter((name) => may.includes(name) && !(name === "submit" && may.includes("publish")));
    const back = ["draft", "returned", "conflicted"].includes(state) ? action(t("再改改"), null, () => this.desk.home(), { id: "cancel", keys: "Escape" }) : null;
    if (this.blind) return [back, action(t("再试一次"), "redo", () => this.#foresee(), { strong: true, id: "again" })];
    return [back, ...shown.reverse().map((name) => this.#button(name))];
  }

  /** @param {string} name */
  #button(name) {
    const { word: usual, icon: picture, strong } = MOVES[name];
    const word = this.asking === name ? (SURE[name] ?? usual) : usual;
    return action(word(), picture, () => this.#press(name), { strong: strong ?? false, id: name });
  }

  /** @param {string} name */
  #press(name) {
    if (this.#owesWord(name)) return this.#needWord();
    if (name in SURE && this.asking !== name) return this.#askFor(name);
    const { remarks, day: wantsDay } = MOVES[name];
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("move-said"));
    if ((remarks || wantsDay) && (this.asking !== name || !field?.value.trim())) {
      return this.#askFor(name);
    }
    this.#do(name, this.#saidWith(name, field?.value.trim() ?? ""));
  }

  /** @param {string} name */
  #owesWord(name) {
    const { plan } = this.desk.draft;
    return name === "submit" && plan !== null && hasToSubmit(plan) && lacksWord(plan);
  }

  /** Nothing was changed since it was returned: it goes again with a word only. */
  #needWord() {
    this.error = t("退回以后还没有改过。请先照意见改，或者写明为什么不改，再交街道审批。");
    this.render();
    leadToNote();
  }

  /** What goes along with a move. @param {string} name @param {string} value */
  #saidWith(name, value) {
    const { named, remarks, day: wantsDay } = MOVES[name];
    const { plan } = this.desk.draft;
    if (named && plan) return { remarks: noteOf(plan) };
    if (remarks) return { remarks: value };
    return wantsDay ? { at: value } : {};
  }

  /** Ask for what a move needs to be said with it. @param {string} name */
  #askFor(name) {
    if (this.asking !== name) this.said = "";
    this.asking = name;
    this.render();
    const shown = document.getElementById("move-said") ?? document.getElementById("consequence");
    shown?.scrollIntoView({ block: "nearest" });
    if (shown?.id === "move-said") shown.focus();
  }

  /** Taking back may cut what has come up since: where, and whether it shall all the same.
   * @param {string} name @param {unknown} error */
  #doubt(name, error) {
    if (name !== "rollback" || !(error instanceof Refusal) || error.code !== "buildings_cut") return;
    const { place, remedy } = error.facts;
    this.desk.painter.refuse(place);
    this.anyway = { cuts: remedy.changes.cuts, word: unended(remedy.title) };
  }

  /** Do without taking back. */
  #leave() {
    [this.anyway, this.error, this.asking] = [null, "", ""];
    this.desk.painter.refuse(null);
    this.render();
  }

  /** @param {RedrawPlan} plan */
  #after({ may, name }) {
    if (this.busy) return [el("p", { class: "asked-now", role: "status" }, t("正在办理……"))];
    const named = { name: t("撤回：{name}", { name }) };
    const { anyway } = this;
    if (anyway) return [action(t("先不撤回"), null, () => this.#leave(), { strong: true, id: "cancel", keys: "Escape" }), cutAnyway(t("{what}，撤回", { what: anyway.word }), () => this.#do("rollback", { ...named, cuts: anyway.cuts }))];
    return [
      may.includes("rollback") ? action(this.asking === "rollback" ? SURE.rollback() : MOVES.rollback.word(), "undo", () => this.asking === "rollback" ? this.#do("rollback", named) : this.#askFor("rollback"), { id: "rollback" }) : null,
      action(t("继续调整"), "plus", () => this.desk.draft.renew().then(() => this.desk.home()), { strong: true, id: "renew" }),
    ];
  }

  /** @param {string} name @param {Record<string, unknown>} body */
  async #do(name, body) {
    [this.busy, this.error, this.anyway] = [true, "", null];
    this.desk.painter.refuse(null);
    this.render();
    try {
      const called = this.named?.trim();
      if (MOVES[name].named && called && called !== this.desk.draft.plan?.name) await this.desk.draft.rename(called);
      await this.desk.draft.move(name, body);
      this.desk.say(MOVES[name].done());
      if (MOVES[name].named) handedIn(this.desk.draft.plan?.public_id ?? "");
      this.asking = "";
    } catch (error) {
      this.error = sentence(error);
      this.#doubt(name, error);
    }
    this.busy = false;
    if (this.desk.draft.plan && name !== "withdraw") this.render();
    else this.desk.home();
  }
}

/** Whether who draws this can only hand it in. @param {RedrawPlan} plan */
export function hasToSubmit({ may }) {
  return may.includes("submit") && !may.includes("publish");
}

/** @param {string} title @param {string[]} sentences */
function list(title, sentences) {
  return el("section", {}, el("h2", { class: "ask" }, title), el("ul", { class: "effects" }, ...sentences.map((text) => el("li", {}, ...marked(text)))));
}

/** Another plan has taken this one back. @param {NonNullable<RedrawPlan["rolled_back"]>} by */
function wasTakenBack({ plan: id, name, by }) {
  return el("div", { class: "all-well" }, icon("undo"), el("p", {}, ...marked(t("{by} 已经撤回了这次调整，用的是方案", { by })), " ", el("a", { href: `/redraws/${id}` }, said(name))));
}

/** @param {RedrawPlan} plan @param {NonNullable<RedrawPlan["takes_back"]>} undone */
function takenBack({ public_id: id }, undone) {
  return el("div", {}, el("div", { class: "all-well" }, icon("check"), el("p", {}, t("边界恢复原样，换过网格的诉求和楼栋也归回原来的网格。"))),
    el("p", {}, t("撤回的方案："), el("a", { href: `/redraws/${undone.plan}` }, said(undone.name)), " · ", el("a", { href: `/redraws/${id}` }, t("看这个方案"))),
    el("p", {}, el("a", { class: "button wide", href: "/" }, t("到地图上看"))));
}

/** @param {RedrawPlan} plan */
function published({ public_id: id, report }) {
  const codes = Object.values(/** @type {Record<string, string>} */ (report?.codes ?? {})).map(numberOf);
  const told = [
    t("新边界已经生效，发布的事记在审计里。"),
    codes.length ? t("新设网格：{codes}", { codes: codes.join(t("、")) }) : "",
    typeof report?.issues === "number" ? t("{count} 件未办结的诉求换了网格，办理经过里各有一条记录。", { count: report.issues }) : "",
    typeof report?.buildings === "number" ? t("{count} 栋楼换了网格。", { count: report.buildings }) : "",
  ].filter(Boolean);
  return [el("div", { class: "all-well" }, icon("check"), el("ul", {}, ...told.map((text) => el("li", {}, text)))),
    el("p", {}, el("a", { class: "button wide", href: `/redraws/${id}` }, t("看方案页，给漏编的楼栋编入党小组"))),
    el("p", {}, el("a", { class: "button wide", href: "/" }, t("到地图上看")))];
}
