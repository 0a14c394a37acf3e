/** What the page says before a report is sent: who will have it, by when, and who said so already. */

import { newest, ask, sentence } from "./api.js";
import { byId, el, fill, icon } from "./dom.js";
import { distance, moment, relative } from "./format.js";
import { lang, said, t, timeZone, woven } from "./i18n.js";
import { showNotice } from "./notice.js";
import { freshKey } from "./outbox.js";

const REST_MS = 250;

/**
 * @typedef {{code: string, name: string}} Area
 * @typedef {{grid: Area | null, beside: Area | null, party_group: string | null, due_at: string | null, shown: string, rule?: string,
 *   alike: {id: string, status: string, reported_at: string, distance_m: number}[]}} Foretold
 */

export class Before {
  /** @param {() => Record<string, any> | null} wish what would be sent of place and category; null while either is missing */
  constructor(wish) {
    this.wish = wish;
    this.place = byId("before");
    this.ask = newest();
    this.timer = 0;
    this.asked = "";
    /** Which of two grids it is, where the place is too near to their border to tell. */
    this.sure = true;
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
      el("p", {}, icon("info"), told.shown === "coarse" ? t("这类事涉及个人：公开的位置只到约 100 米，不公开地址。") : t("公开的位置是这个点；文字里的电话、证件号会遮住。")),
      told.grid && told.beside && this.border(told.grid, told.beside),
      told.alike.length > 0 && this.alike(told.alike));
    this.place.hidden = false;
  }

  /** @param {Area} grid @param {Area} beside */
  border(grid, beside) {
    this.sure = false;
    const question = el("div", { class: "border-question", role: "group" });
    const here = () => {
      this.sure = true;
      fill(question, el("p", {}, icon("check"), ...woven(t("好，归{name}"), { name: said(grid.name) })));
    };
    const there = () => {
      fill(question, el("p", {}, ...woven(t("请在地图上把针移到{name}那一侧。"), { name: said(beside.name) })));
      byId("ground").scrollIntoView({ block: "center" });
    };
    fill(question, el("p", {}, t("这个点离网格界线很近，是哪一边？")),
      el("div", { class: "mine-steps" },
        el("button", { type: "button", class: "button", onclick: here }, said(grid.name)),
        el("button", { type: "button", class: "button", onclick: there }, said(beside.name))));
    return question;
  }

  /** @param {Foretold["alike"]} alike */
  alike(alike) {
    const rows = alike.map(({ id, reported_at: at, distance_m: metres }) => {
      const when = relative(new Date(at), new Date(), lang);
      return el("li", {}, el("span", {}, t("{when}有人反映，离这里 {distance}", { when, distance: distance(metres, lang) })),
        el("button", { type: "button", class: "button", onclick: () => join(id) }, t("就是这件，我也一样")));
    });
    return el("div", { class: "alike" }, el("p", {}, t("附近已经有人反映过同类的事：")), el("ul", {}, ...rows));
  }
}

/** @param {string} id */
async function join(id) {
  try {
    const { url } = await ask(`/api/issues/${encodeURIComponent(id)}/join`, { body: { key: freshKey() } });
    location.assign(url);
  } catch (error) {
    showNotice(sentence(error));
  }
}
