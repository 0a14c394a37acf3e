/** The community's grids as of any day on which they changed. */

import { sentence } from "../api.js";
import { ask, newest } from "../api.js";
import { el } from "../dom.js";
import { day } from "../format.js";
import { lang, t, timeZone } from "../i18n.js";
import { colours } from "./colours.js";
import { action } from "./parts.js";
import { numberOf } from "./standing.js";

/** @typedef {import("./desk.js").Desk} Desk */

export class Past {
  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.ask = newest();
    /** @type {string[]} */
    this.moments = [];
    this.index = -1;
    this.said = t("正在取……");
    /** @type {string[]} */
    this.numbers = [];
  }

  async start() {
    this.render();
    try {
      const { items } = /** @type {{items: {at: string}[]}} */ (await ask("/api/history/moments", { params: { community: this.desk.draft.community } }));
      this.moments = items.map(({ at }) => at).reverse();
      this.index = this.moments.length - 1;
      this.said = t("拖动滑块，看每次调整以后的边界。");
      this.render();
      await this.show();
    } catch (error) {
      this.said = sentence(error);
      this.render();
    }
  }

  stop() {
    this.desk.painter.refuse(null);
  }

  async show() {
    const at = this.moments[this.index];
    if (!at) return;
    const answer = await this.ask("/api/history/grids", { params: { at, community: this.desk.draft.community } });
    if (!answer) return;
    const { pen } = colours();
    const own = /** @type {any[]} */ (answer.features).filter(({ properties }) => properties.kind !== "uncovered");
    this.desk.painter.put("refused", own.map(({ geometry }) => ({ shape: geometry, style: { color: pen, weight: 2.5, fill: true, fillColor: pen, fillOpacity: 0.05 } })));
    this.numbers = own.map(({ properties }) => numberOf(properties.code)).sort();
    this.render();
  }

  render() {
    this.desk.paint({});
    const last = this.moments.length - 1;
    const slider = el("input", { type: "range", id: "past-slider", min: 0, max: Math.max(0, last), step: 1, "aria-label": t("哪一次调整"), oninput: (/** @type {any} */ { target }) => this.#go(Number(target.value)) });
    slider.value = String(Math.max(0, this.index));
    const at = this.moments[this.index];
    const told = at ? t("{day} 起：{count} 个网格", { day: day(at, { lang, timeZone }), count: this.numbers.length }) : this.said;
    this.desk.show(t("以前的边界"), [
      el("p", { class: "asked-now", role: "status", id: "past-day" }, told),
      last > 0 ? slider : null,
      at ? el("p", { class: "redraw-lead" }, last > 0 ? t("拖动滑块，看每次调整以后的边界。") : t("从那天起还没有调整过。")) : null,
    ], [action(t("返回"), null, () => this.desk.home(), { id: "cancel", keys: "Escape" })]);
  }

  /** @param {number} index */
  #go(index) {
    this.index = index;
    this.show();
  }
}
