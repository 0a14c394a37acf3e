/** Before publishing: who and what it moves, in plain words; afterwards: what was done. */

import { sentence } from "../api.js";
import { el, icon } from "../dom.js";
import { count } from "../format.js";
import { lang, said, t } from "../i18n.js";
import { action, called, comparison, ended, rowsOf } from "./parts.js";
import { judged, numberOf } from "./standing.js";

/** @typedef {import("./desk.js").Desk} Desk */

export class Review {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.busy = false;
    this.error = "";
  }

  start() {
    this.render();
  }

  stop() {
    this.busy = false;
  }

  render() {
    const { plan } = this.desk.draft;
    if (!plan) return this.desk.home();
    this.desk.paint({});
    if (plan.state === "published") return this.desk.show(t("已经发布"), published(plan), this.#after());
    if (plan.state !== "draft") return this.desk.show(t("方案"), [el("p", {}, t("这个方案已经交出去了，不能在这里再改。"))], this.#after());
    this.desk.show(t("发布前看一看"), [...impact(this.desk), this.error ? el("p", { class: "refused-box", role: "alert" }, icon("alert"), el("span", {}, said(this.error))) : null], this.#before());
  }

  #before() {
    const back = action(t("再改改"), null, () => this.desk.home(), { id: "cancel", keys: "Escape" });
    if (this.busy) return [el("p", { class: "asked-now", role: "status" }, t("正在办理……"))];
    const publishes = this.desk.view.dataset.publishes === "yes";
    return [back, publishes
      ? action(t("现在发布"), "check", () => this.#do("publish", t("已经发布，地图和归属从现在起按新边界。")), { strong: true, id: "publish" })
      : action(t("交街道审批"), "check", () => this.#do("submit", t("已交街道审批。")), { strong: true, id: "submit" })];
  }

  #after() {
    const { plan } = this.desk.draft;
    const name = t("撤回：{name}", { name: plan?.name ?? "" });
    const takesBack = plan?.state === "published" && this.desk.view.dataset.publishes === "yes";
    return [
      takesBack ? action(t("撤回这次发布"), "undo", () => this.#do("rollback", t("已撤回，边界恢复原样。"), { name }), { id: "rollback" }) : null,
      action(t("继续调整"), "plus", () => this.desk.draft.renew().then(() => this.desk.home()), { strong: true, id: "renew" }),
    ];
  }

  /** @param {string} deed @param {string} words @param {Record<string, unknown>} [body] */
  async #do(deed, words, body) {
    this.busy = true;
    this.error = "";
    this.render();
    try {
      await this.desk.draft.deed(deed, body);
      this.desk.say(words);
    } catch (error) {
      this.error = sentence(error);
    }
    this.busy = false;
    this.render();
  }
}

/** @param {Desk} desk */
function impact(desk) {
  const { scene, plan } = desk.draft;
  if (!scene || !plan) return [];
  const { now } = desk;
  const rows = now.grids.filter(({ changed }) => changed).map((grid) => comparison(grid, grid.was, scene.band));
  const gone = now.gone.filter((code) => !code.startsWith("~")).map((code) => ended(numberOf(code), plan.preview.before[code]?.households ?? 0));
  const outside = now.grids.filter((grid) => grid.changed && grid.kind === "basic" && judged(grid.households, scene.band) !== "within");
  return [
    el("section", {}, el("h2", { class: "ask" }, t("网格")), rowsOf([...rows, ...gone])),
    list(t("会发生什么"), effects(desk, plan, scene)),
    outside.length ? list(t("发布以后还要留意"), outside.map((grid) => t("{name}仍不在户数范围内", { name: called(grid) }))) : null,
  ];
}

/** @param {string} title @param {(string | null)[]} sentences */
function list(title, sentences) {
  const told = sentences.filter((one) => one !== null);
  return el("section", {}, el("h2", { class: "ask" }, title), el("ul", { class: "effects" }, ...told.map((text) => el("li", {}, said(text)))));
}

/** @param {Desk} desk @param {DrawnPlan} plan @param {Scene} scene @returns {(string | null)[]} */
function effects(desk, { preview }, scene) {
  const codes = preview.new.map(numberOf).join(t("、"));
  const names = [...new Set(scene.buildings.filter(({ group }) => group !== null && preview.astride.includes(group)).map(({ group_name: name }) => name ?? ""))];
  const homesMoved = scene.buildings.filter(({ id }) => preview.buildings.some((one) => one.id === id)).reduce((sum, { households }) => sum + households, 0);
  const without = Object.entries(preview.after).filter(([, { workers }]) => workers === 0).map(([code]) => numberOf(code));
  return [
    preview.new.length ? t("新设网格：{codes}", { codes }) : null,
    preview.retired.some((code) => !code.startsWith("~")) ? t("撤销网格：{codes}", { codes: preview.retired.filter((code) => !code.startsWith("~")).map(numberOf).join(t("、")) }) : null,
    t("{buildings} 栋楼、{homes} 户换网格", { buildings: count(preview.buildings.length, lang), homes: count(homesMoved, lang) }),
    preview.issues.length ? null : t("没有未办结的诉求换网格"),
    ...issuesMoved(preview),
    preview.cut.length ? t("边界从 {count} 栋楼中间穿过", { count: preview.cut.length }) : null,
    names.length ? t("党小组会跨两个网格：{names}", { names: names.join(t("、")) }) : null,
    without.length ? t("还没有网格员：{codes}", { codes: without.join(t("、")) }) : null,
    openChange(scene, desk),
  ];
}

/** @param {RedrawPreview} preview */
function issuesMoved({ issues }) {
  /** @type {Map<string, number>} */
  const pairs = new Map();
  for (const { before, after } of issues) {
    const key = `${before ? numberOf(before) : t("网格外")} → ${after ? numberOf(after) : t("网格外")}`;
    pairs.set(key, (pairs.get(key) ?? 0) + 1);
  }
  return [...pairs].map(([pair, many]) => t("{count} 件未办结的诉求换网格：{pair}", { count: many, pair }));
}

/** @param {Scene} scene @param {Desk} desk */
function openChange({ uncovered }, { now }) {
  if (now.open.length < uncovered.length) return t("补上 {count} 处空白", { count: uncovered.length - now.open.length });
  return now.open.length > uncovered.length ? t("多出 {count} 处没有划入网格的地", { count: now.open.length - uncovered.length }) : null;
}

/** @param {RedrawPlan} plan */
function published({ report }) {
  const codes = Object.values(/** @type {Record<string, string>} */ (report?.codes ?? {})).map(numberOf);
  const told = [
    t("新边界已经生效，发布的事记在审计里。"),
    codes.length ? t("新设网格：{codes}", { codes: codes.join(t("、")) }) : "",
    typeof report?.issues === "number" ? t("{count} 件未办结的诉求换了网格，办理经过里各有一条记录。", { count: report.issues }) : "",
    typeof report?.buildings === "number" ? t("{count} 栋楼换了网格。", { count: report.buildings }) : "",
  ].filter(Boolean);
  return [el("div", { class: "all-well" }, icon("check"), el("ul", {}, ...told.map((text) => el("li", {}, text)))),
    el("p", {}, el("a", { class: "button wide", href: "/" }, t("到地图上看")))];
}
