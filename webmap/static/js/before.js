/** What the page says before a report is sent: who will have it, by when, and who said so already. */

import { newest, ask, sentence } from "./api.js";
import { byId, el, fill, icon } from "./dom.js";
import { distance, moment, relative } from "./format.js";
import { lang, said, t, timeZone, woven } from "./i18n.js";
import { keepReport } from "./kept-reports.js";
import { showNotice } from "./notice.js";
import { freshKey } from "./outbox.js";
import { place } from "./place.js";
import * as words from "./words.js";

const REST_MS = 250;

/**
 * @typedef {{code: string, name: string}} Area
 * @typedef {{id: string, status: string, reported_at: string, distance_m: number, words: string, lon: number, lat: number}} Alike
 * @typedef {{grid: Area | null, beside: (Area & {lon: number, lat: number}) | null, party_group: string | null, due_at: string | null,
 *   shown: string, ruled: boolean, lon?: number, lat?: number, category: string, alike: Alike[]}} Foretold
 * @typedef {{note: string, joined: () => void}} Joiner what was typed so far, and what is done once it was joined
 * @typedef {{url: string, code: string}} Joined
 */

export class Before {
  /**
   * @param {() => Record<string, any> | null} wish what would be sent of place and category; null while either is missing
   * @param {() => Joiner} joiner
   */
  constructor(wish, joiner) {
    this.wish = wish;
    this.joiner = joiner;
    this.place = byId("before");
    this.near = byId("alike");
    /** The grid that was said to be the one, near a border. */
    this.chosen = "";
    this.ask = newest();
    this.timer = 0;
    this.asked = "";
    /** Which of two grids it is, where the place is too near to their border to tell. */
    this.sure = true;
    /** A key for each that may be joined, so that pressing again counts once.
     * @type {Map<string, string>} */
    this.keys = new Map();
    addEventListener("online", () => this.changed());
  }

  /** The place or the category may have changed. */
  changed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), REST_MS);
  }

  async tell() {
    const wish = this.wish();
    const asked = JSON.stringify(wish);
    if (asked === this.asked) return;
    this.asked = asked;
    this.sure = true;
    this.place.hidden = true;
    this.near.hidden = true;
    place.around({ coarse: null, alike: [] });
    if (!wish) return;
    const told = /** @type {Foretold | undefined} */ (await this.ask("/api/issues/preview", { body: wish }).catch(() => undefined));
    if (asked !== this.asked) return;
    if (told) this.show(told);
    else this.asked = ""; // without a network; asked again when it is back
  }

  /** @param {Foretold} told */
  show(told) {
    const until = told.due_at && moment(told.due_at, { lang, timeZone, now: new Date() });
    fill(this.place,
      el("p", {}, icon("grid"), ...(told.grid ? woven(t("会送到{name}"), { name: said(told.grid.name) }) : [t("这里还没有网格管，会列入清单，由区里派人。")])),
      told.party_group && el("p", {}, icon("group"), ...woven(t("党小组：{name}"), { name: said(told.party_group) })),
      until && el("p", {}, icon("clock"), t("办理期限：{when}", { when: until })),
      el("p", {}, icon("info"), told.shown === "coarse" ? t("这类事涉及个人：公开的位置只到约 100 米（地图上的虚线圈），不公开地址。") : t("公开的位置是这个点；文字里的电话、证件号会遮住。")),
      told.ruled && told.grid && el("p", {}, icon("info"), ...woven(t("这个地址由社区核定，归{name}办；和地图上的针不一样时以核定为准。"), { name: said(told.grid.name) })),
      told.grid && told.beside && this.border(told.grid, told.beside));
    this.place.hidden = false;
    this.around(told);
  }

  /** What was reported near by, and how far about the place is shown. @param {Foretold} told */
  around(told) {
    const { shown, lon, lat, alike } = told;
    place.around({ coarse: shown === "coarse" && lon !== undefined && lat !== undefined ? { lon, lat } : null, alike });
    fill(this.near, alike.length > 0 && this.alike(told));
    this.near.hidden = !alike.length;
  }

  /**
   * Which of the two it is; whoever says the other has the pin moved across the border.
   * @param {Area} grid @param {Area & {lon: number, lat: number}} beside
   */
  border(grid, beside) {
    this.sure = this.chosen === grid.code;
    const told = el("p", { role: "status" }, t("这个点离网格界线很近，是哪一边？"));
    const question = el("div", { class: "border-question", role: "group" });
    const here = () => {
      this.chosen = grid.code;
      byId("problem").hidden = true;
      this.place.replaceChild(this.border(grid, beside), question);
    };
    const there = () => {
      this.chosen = beside.code;
      place.set({ lon: beside.lon, lat: beside.lat, label: t("地图上选的点") }, "form");
      byId("ground").scrollIntoView({ block: "center" });
    };
    if (this.sure) fill(told, icon("check"), ...woven(t("好，归{name}；针在地图上的这一侧。"), { name: said(grid.name) }));
    fill(question, told, el("div", { class: "mine-steps" }, side(grid, this.sure, here), side(beside, false, there)));
    return question;
  }

  /** @param {Foretold} told */
  alike({ category, alike }) {
    const rows = alike.map(({ id, status, reported_at: at, distance_m: metres, words: first }) => {
      const when = relative(new Date(at), new Date(), lang);
      const facts = t("{category}，{when}有人反映，离这里 {distance}，{status}", { category, when, distance: distance(metres, lang), status: words.status(status) });
      return el("li", {}, el("span", {}, icon("pin"), facts, first && el("q", {}, said(first))),
        el("button", { type: "button", class: "button", onclick: () => this.join(id, category) }, t("就是这件，我也一样")));
    });
    return el("div", { class: "alike" }, el("p", {}, t("附近已经有人反映过同类的事（地图上的圆圈）。是同一件就附议，不用再填；你已写的话会一并转给办的人，照片不转：")), el("ul", {}, ...rows));
  }

  /** @param {string} id @param {string} category */
  async join(id, category) {
    const { note, joined } = this.joiner();
    const key = this.keys.get(id) ?? freshKey();
    this.keys.set(id, key);
    try {
      const { url, code } = /** @type {Joined} */ (await ask(`/api/issues/${encodeURIComponent(id)}/join`, { body: { key, note } }));
      joined();
      keepReport({ url: `${url}#${code}`, label: t("附议：{category}", { category }), at: new Date().toISOString() });
      location.assign(`${url}?joined#${code}`);
    } catch (error) {
      showNotice(sentence(error));
    }
  }
}

/** One side of a border as a button. @param {Area} area @param {boolean} pressed @param {() => void} take */
function side({ name }, pressed, take) {
  return el("button", { type: "button", class: pressed ? "button strong" : "button", "aria-pressed": String(pressed), onclick: take }, said(name));
}
