/** Locking single grids with a reason, so that no plan changes them; and unlocking them. */

import { sentence } from "../api.js";
import { el } from "../dom.js";
import { holds } from "../geometry.js";
import { day } from "../format.js";
import { lang, marked, t, timeZone } from "../i18n.js";
import { action, called, gridChoice } from "./parts.js";
import { Pen } from "./pen.js";
import { numberOf } from "./standing.js";

/** @typedef {import("./desk.js").Desk} Desk */

export class Locking {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.grid = "";
    this.error = "";
    /** @type {Pen | null} */
    this.pen = null;
  }

  start() {
    this.pen = new Pen(this.desk.map, { click: (at) => this.pick(this.desk.now.grids.find(({ shape }) => holds(shape, at))?.code ?? "") });
    this.render();
  }

  stop() {
    this.pen?.stop();
  }

  /** @param {string} code */
  pick(code) {
    [this.grid, this.error] = [code, ""];
    this.render();
    document.getElementById("lock-reason")?.focus();
  }

  render() {
    const { desk, grid } = this;
    const { scene, locks } = desk.draft;
    if (!scene) return;
    desk.paint({ picked: grid ? [grid] : locks.map((one) => one.grid) });
    const locked = locks.map((one) => one.grid);
    const present = desk.now.grids.filter(({ isNew }) => !isNew);
    const chosen = present.find(({ code }) => code === grid);
    desk.show(t("锁定网格"), [
      el("p", { class: "redraw-lead" }, t("锁住的网格，任何方案都不能改它的边界。")),
      this.#held(locks),
      chosen && !locked.includes(grid)
        ? el("label", { class: "move-asked" }, el("span", {}, t("为什么锁定 {name}", { name: called(chosen) })), el("input", { id: "lock-reason", type: "text", maxlength: 200 }), el("span", {}, t("锁到哪一天（可以不填，不填就一直锁着）")), el("input", { id: "lock-until", type: "date" }))
        : el("p", { class: "asked-now", role: "status" }, t("点一下要锁定的网格，或在下面选。")),
      this.error ? el("p", { class: "refused-box", role: "alert" }, ...marked(this.error)) : null,
      chosen ? null : gridChoice(present, scene.band, (code) => this.pick(code), locked, "number"),
    ], [
      action(t("返回"), null, () => desk.home(), { id: "cancel", keys: "Escape" }),
      chosen && !locked.includes(grid) ? action(t("锁定"), "lock", () => this.#lock(), { strong: true, id: "accept" }) : null,
    ]);
  }

  /** @param {GridLock[]} locks */
  #held(locks) {
    const rows = locks.map(({ id, grid, reason, holder: by, until }) => el("li", { class: "lock-row" },
      el("span", {}, ...marked(t("{number} 网格：{reason}（{by}）", { number: numberOf(grid), reason, by })), until ? " " : "", until ? t("到 {day}", { day: day(until, { lang, timeZone }) }) : ""),
      action(t("解锁"), null, () => this.#do(() => this.desk.draft.unlock(id)))));
    return rows.length ? el("ul", { class: "lock-rows" }, ...rows) : null;
  }

  #lock() {
    const field = /** @type {HTMLInputElement | null} */ (document.getElementById("lock-reason"));
    const reason = field?.value.trim() ?? "";
    if (!reason) return field?.focus();
    const until = /** @type {HTMLInputElement | null} */ (document.getElementById("lock-until"))?.value ?? "";
    const { grid } = this;
    this.grid = "";
    this.#do(() => this.desk.draft.lock(grid, reason, until));
  }

  /** @param {() => Promise<void>} deed */
  async #do(deed) {
    this.error = "";
    try {
      await deed();
    } catch (error) {
      this.error = sentence(error);
    }
    if (this.desk.mode === this) this.render();
  }
}
