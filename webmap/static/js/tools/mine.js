/** A worker's own ground and what is to be done on it: list and map, one thing seen twice. */

import { startBehalf } from "../behalf.js";
import { opened, tellKept } from "../arrivals.js";
import { ask, Refusal, refusal, sentence } from "../api.js";
import { byId, el, fill, icon } from "../dom.js";
import { clock, count, relative } from "../format.js";
import { lang, said, t, timeZone } from "../i18n.js";
import { forgetMine, keepMine, keptMine } from "../kept-mine.js";
import { keepAtHand } from "../offline.js";
import { outbox } from "../outbox.js";
import { OwnMarks } from "../own-marks.js";
import { meta, neighbour, why } from "../own-task.js";
import { onTurn, palette } from "../palette.js";
import { page } from "../state.js";
import { stepButtons, tellOutbox } from "../steps.js";
import { isDue } from "../turn.js";
import { metres, walked } from "../walk.js";

const WORLD = [[-89, -180], [-89, 180], [89, 180], [89, -180]];
const FRESH_MS = 60_000;
/** At which part of its height a grid bears its name, above the middle where issues crowd. */
const NAME_AT = 0.75;
/** Whether this page was kept for a dead network, where nobody else says whose ground it is and what is new. */
const LAID_UP = "laidUp" in document.documentElement.dataset;

/**
 * @typedef {import("../own-task.js").Task} Task
 * @typedef {{grids: {code: string, name: string, community: string, shape: any, open: number, beside: import("../steps.js").Beside[]}[], issues: Task[], more: boolean, session_s: number, departments: string[]}} Mine
 */

/** @param {L.Map} map @param {{url: string, place: string, extent: Box}} settings */
export default async function start(map, { url, place, extent }) {
  const mine = new MyGrid(map, url, extent);
  tellOutbox(byId("outbox"));
  startBehalf(map, place, () => mine.load());
  keepAtHand("/my-grid");
  outbox.addEventListener("sent", () => mine.load());
  outbox.addEventListener("change", () => mine.tellWaiting());
  await mine.load();
  setInterval(() => document.visibilityState === "visible" && mine.load(), FRESH_MS);
}

class MyGrid {
  /** @param {L.Map} map @param {string} url @param {Box} extent */
  constructor(map, url, extent) {
    this.map = map;
    this.url = url;
    this.extent = extent;
    /** @type {Mine | null} */
    this.known = null;
    /** When the session ends at the latest under which this was seen, in milliseconds. */
    this.until = 0;
    this.order = "due";
    /** When the server last told of it, or had told what this device kept.
     * @type {Date | null} */
    this.seen = null;
    /** When what is shown was so, where the network is away.
     * @type {Date | null} */
    this.asOf = null;
    /** @type {{lon: number, lat: number} | null} */
    this.here = null;
    this.chosen = "";
    this.outline = L.layerGroup().addTo(map);
    this.marks = new OwnMarks(map, (issue) => this.choose(/** @type {Task} */ (issue), true));
    this.path = L.layerGroup().addTo(map);
    onTurn(() => this.drawGround());
    page.addEventListener("arrive", (event) => {
      this.here = /** @type {CustomEvent} */ (event).detail;
      this.sort(this.order === "due" ? "near" : this.order);
    });
    for (const button of document.querySelectorAll("[data-order]")) {
      button.addEventListener("click", () => {
        const order = /** @type {HTMLElement} */ (button).dataset.order ?? "due";
        this.sort(order);
        if (order !== "due" && !this.here) page.dispatchEvent(new Event("locate"));
      });
    }
  }

  async load() {
    if (document.querySelector(".step-form")) return; // nothing moves under the fingers
    const first = !this.known;
    try {
      this.known = /** @type {Mine} */ (await ask(this.url, { params: { grid: byId("main").dataset.grid } }));
      [this.asOf, this.seen] = [null, new Date()];
      this.until = Date.now() + this.known.session_s * 1000;
      keepMine(this.known, this.known.session_s);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return this.end(error);
      if (!this.fallBack(error)) return;
    }
    if (first) this.frame();
    if (LAID_UP) tellKept(this.known?.issues.filter((issue) => issue.fresh).length ?? 0);
    this.drawGround();
    this.draw();
  }

  /** What was seen last, where there is no network; whether there is any. @param {unknown} error */
  fallBack(error) {
    const last = this.known ? null : keptMine();
    if (last) [this.known, this.seen, this.until] = [last.mine, new Date(last.at), last.until];
    this.asOf = this.seen;
    if (this.known && this.until <= Date.now()) this.end(ended());
    else if (!this.known) fill(byId("mine-list"), el("li", { class: "problem" }, sentence(error)));
    return Boolean(this.known);
  }

  /** The session is over: nothing of it stays on the phone. @param {Refusal} refusal */
  end(refusal) {
    forgetMine(); // what was typed stays for whoever signs in again
    [this.known, this.asOf] = [null, null];
    for (const layer of [this.outline, this.path]) layer.clearLayers();
    this.marks.clear();
    byId("mine-more").hidden = true;
    byId("mine-lead").replaceChildren();
    fill(byId("mine-list"), el("li", { class: "problem" }, sentence(refusal)));
  }

  /** @param {string} order */
  sort(order) {
    this.order = order;
    this.tellFrom();
    for (const button of document.querySelectorAll("[data-order]")) {
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.order === order));
    }
    this.draw();
  }

  /** From where distances are counted while nobody knows where the reader stands. */
  tellFrom() {
    const place = byId("mine-from");
    place.hidden = this.order === "due" || Boolean(this.here);
    place.textContent = place.hidden ? "" : t("还没有你的位置：先按地图中心排。允许定位后按你现在的位置排。");
  }

  frame() {
    const shapes = L.geoJSON(this.known?.grids.map(({ shape }) => shape));
    const bounds = shapes.getBounds();
    const [west, south, east, north] = this.extent;
    this.map.fitBounds(bounds.isValid() ? bounds : [[south, west], [north, east]], { animate: false, padding: [16, 16] });
  }

  /** Own ground outlined, all else dimmed. */
  drawGround() {
    const { tier, ground } = palette();
    const rings = (this.known?.grids ?? []).flatMap(({ shape }) => shape.coordinates.map((/** @type {any} */ part) => part[0].map((/** @type {number[]} */ [lon, lat]) => [lat, lon])));
    this.outline.clearLayers();
    if (!rings.length) return;
    const away = { stroke: false, fillColor: ground, fillOpacity: 0.62, interactive: false };
    L.polygon(/** @type {any} */ ([WORLD, ...rings]), away).addTo(this.outline);
    L.polygon(rings.map((ring) => [ring]), { color: tier, weight: 3, fill: false, interactive: false }).addTo(this.outline);
    if (LAID_UP) this.nameGround();
  }

  /** The names of the own grids, which nobody else writes without a network. */
  nameGround() {
    for (const { name, shape } of this.known?.grids ?? []) {
      const plate = L.tooltip({ permanent: true, direction: "center", className: "own-name", interactive: false, pane: "shadowPane" });
      const bounds = L.geoJSON(shape).getBounds();
      plate.setLatLng([bounds.getSouth() + NAME_AT * (bounds.getNorth() - bounds.getSouth()), bounds.getCenter().lng]).setContent(el("span", {}, said(name))).addTo(this.outline);
    }
  }

  /** What waits for the network is told on its card at once, and only there: nothing moves under the fingers. */
  tellWaiting() {
    this.ordered().forEach((issue, i) => {
      const card = document.querySelector(`[data-issue="${CSS.escape(issue.id)}"]`);
      const now = outbox.waiting(issue.id).map(({ key }) => key).join(" ");
      if (card instanceof HTMLElement && card.dataset.waiting !== now && !card.querySelector(".step-form")) card.replaceWith(this.row(issue, i));
    });
  }

  /** What is this worker's to do, then what is in others' hands; each in the order that is wanted. */
  ordered() {
    const issues = this.known?.issues ?? [];
    const [due, others] = [issues.filter(isDue), issues.filter((issue) => !isDue(issue))];
    return [...this.sorted(due), ...(this.order === "near" ? this.sorted(others) : others)];
  }

  /** @param {Task[]} issues */
  sorted(issues) {
    const from = this.here ?? centre(this.map);
    if (this.order === "near") return [...issues].sort((a, b) => metres(from, a) - metres(from, b));
    return this.order === "walk" ? walked(from, issues) : issues;
  }

  draw() {
    const [issues, grids] = [this.ordered(), this.known?.grids ?? []];
    this.tellLead();
    if (!issues.some(({ id }) => id === this.chosen)) this.chosen = issues[0]?.id ?? "";
    const others = issues.findIndex((issue) => !isDue(issue));
    const rows = issues.map((issue, i) => this.row(issue, i));
    if (others > 0) rows.splice(others, 0, el("li", { class: "mine-others" }, el("h2", {}, t("在别人手里的"))));
    fill(byId("mine-list"), ...rows,
      !issues.length && el("li", { class: "hint" }, grids.length ? t("没有要办的事。新的诉求会出现在这里。") : t("你现在没有上岗的网格。请联系社区书记。")));
    this.tellMore();
    this.mark(issues);
  }

  /** That there is more than is listed, and where it is. */
  tellMore() {
    const { grids = [], issues = [], more = false } = this.known ?? {};
    const place = byId("mine-more");
    place.hidden = !more;
    if (!more) return;
    const all = grids.reduce((sum, { open }) => sum + open, 0);
    const links = grids.filter(({ open }) => open).map(({ code, name, open }) => el("a", { href: `/desk?area=grid-${encodeURIComponent(code)}&sort=due` },
      t("{name}的全部 {count} 件", { name, count: count(open, lang) })));
    fill(place, t("只列出最急的 {shown} 件，共 {count} 件。", { shown: count(issues.length, lang), count: count(all, lang) }), " ", ...links.flatMap((link) => [link, " "]));
  }

  tellLead() {
    byId("mine-lead").replaceChildren(...this.lead((this.known?.grids ?? []).map(({ name }) => name), this.ordered()));
  }

  /** @param {string[]} names @param {Task[]} issues */
  lead(names, issues) {
    const due = issues.filter(isDue);
    const late = due.filter(({ overdue }) => overdue).length;
    const todo = late ? t("{count} 件待办，{late} 件超期", { count: due.length, late }) : t("{count} 件待办", { count: due.length });
    const others = issues.length - due.length;
    const fresh = issues.filter((issue) => issue.fresh).length;
    const told = others ? t("{todo}，另有 {count} 件在别人手里", { todo, count: others }) : todo;
    const now = new Date();
    const old = this.asOf ? t("没有网络，这是 {clock} 的情况（{when}）", { clock: clock(this.asOf, { lang, timeZone, now }), when: relative(this.asOf, now, lang) }) : "";
    return [said(names.join("、")) ?? "", names.length ? " · " : "", told, fresh ? t("，{count} 件新到", { count: fresh }) : "", old && " · ", old];
  }

  /** @param {Task[]} issues */
  mark(issues) {
    this.marks.show(issues, this.chosen);
    this.path.clearLayers();
    if (this.order !== "walk") return;
    const way = [this.here ?? centre(this.map), ...issues.filter(isDue)].filter(({ lon }) => lon !== null);
    L.polyline(way.map(({ lon, lat }) => /** @type {[number, number]} */ ([lat, lon])), { color: palette().accent, weight: 3, dashArray: "2 7", interactive: false }).addTo(this.path);
  }

  /** It is new no more, here and on the server. @param {Task} issue */
  see(issue) {
    if (!issue.fresh || !this.known) return;
    opened(issue);
    document.querySelector(`[data-issue="${CSS.escape(issue.id)}"] .badge.fresh`)?.parentElement?.remove();
    keepMine(this.known, (this.until - Date.now()) / 1000);
    this.tellLead();
  }

  /** @param {Task} issue @param {boolean} fromMap */
  choose(issue, fromMap) {
    this.chosen = issue.id;
    this.see(issue);
    for (const row of document.querySelectorAll(".mine-issue")) row.classList.toggle("chosen", /** @type {HTMLElement} */ (row).dataset.issue === issue.id);
    if (fromMap) document.querySelector(`[data-issue="${CSS.escape(issue.id)}"]`)?.scrollIntoView({ block: "start" });
    else if (issue.lon !== null && issue.lat !== null) {
      this.map.setView([issue.lat, issue.lon], Math.max(this.map.getZoom(), 17), { animate: false });
      this.marks.open(issue.id);
    }
    this.marks.show(this.ordered(), issue.id);
  }

  /** @param {Task} issue @param {number} number */
  row(issue, number) {
    const waiting = outbox.waiting(issue.id);
    const steps = waiting.length ? null : stepButtons({ ...issue, quiet: !isDue(issue), folded: issue.status === "returned", departments: this.known?.departments ?? [], beside: this.beside(issue) }, () => this.load());
    return el("li", { class: `mine-issue${issue.overdue ? " late" : ""}${issue.id === this.chosen ? " chosen" : ""}`, "data-issue": issue.id, "data-waiting": waiting.map(({ key }) => key).join(" ") },
      el("button", { type: "button", class: "mine-open", onclick: () => this.choose(issue, false) },
        el("span", { class: `issue-glyph ${issue.overdue ? "overdue" : ""}`, title: issue.category_name }, icon(issue.category)),
        el("span", {},
          el("span", { class: "issue-text" }, this.order === "walk" && `${number + 1}. `, said(issue.text) || t("没有写明内容")),
          el("span", { class: "issue-meta" }, ...meta(issue, this.here)))),
      why(issue),
      neighbour(issue),
      waiting.length > 0 && el("p", { class: "mine-waiting" }, icon("clock"), t("待发送：{steps}，等网络恢复后送出", { steps: waiting.map(({ label }) => label).join(t("、")) })),
      steps,
      el("a", { href: `/issues/${encodeURIComponent(issue.id)}`, class: "hint" }, t("看全部经过")));
  }

  /** The grids that an issue can be passed on to. @param {Task} issue */
  beside({ grid }) {
    return this.known?.grids.find(({ code }) => code === grid?.code)?.beside ?? [];
  }
}

/** @param {L.Map} map */
function centre(map) {
  const { lng, lat } = map.getCenter();
  return { lon: lng, lat };
}

/** That the session is over, where the network is away and the server cannot say so. */
function ended() {
  return refusal(401, JSON.stringify({ title: t("登录已到期，这台设备上存的诉求已清除。有网络时请重新登录。"), code: "sign_in_needed" }));
}
