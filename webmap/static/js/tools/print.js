/** Paper: the map as it is seen with its title, legend, date and credit; then the list as a table. */

import { isQuiet } from "../api.js";
import { byId, el, fill, icon } from "../dom.js";
import { count, moment } from "../format.js";
import { lang, said, t, timeZone } from "../i18n.js";
import { legendGroups } from "../legend.js";
import { hideNotice, showNotice } from "../notice.js";
import { forPaper, paintForPaper } from "../palette.js";
import { turnToPaper } from "../paper.js";
import { coverage } from "../sheet.js";
import * as words from "../words.js";
import { button } from "./controls.js";
import { shownIssues } from "./list.js";

/** What an A4 page held across has room for beside the legend, in CSS pixels; and how much larger
 * the map is drawn for it, so that it is as fine as on a screen. */
const PAPER = { x: 780, y: 560 };
const FINER = 1.3;
const PATIENCE_MS = 8000;
const LOOK_MS = 60;
const REST_MS = 400;
/** Metres of a CSS pixel on paper. */
const PIXEL_M = 0.0254 / 96;

/** @param {L.Map} map */
export default function start(map) {
  const paper = el("section", { class: "paper", id: "paper", "aria-hidden": "true" });
  byId("main").append(paper);
  const printing = new Printing(map);
  addEventListener("beforeprint", () => {
    measure(map);
    const groups = forPaper(legendGroups);
    fill(paper, el("div", { class: "paper-legend" }, narrowed(), ...groups.map(group)), chosen(), table());
  });
  addEventListener("afterprint", () => {
    fill(paper);
    printing.end();
  });
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    event.preventDefault();
    printing.begin();
  });
  byId("bottom-right").prepend(el("div", { class: "print-control" }, button("print", t("打印地图"), () => printing.begin())));
}

/** Lays out for paper what is seen, prints it, and puts the screen back as it was. */
class Printing {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    /** How the screen was.
     * @type {{centre: L.LatLng, zoom: number, snap: number | undefined} | null} */
    this.before = null;
  }

  async begin() {
    if (this.before) return;
    const { map } = this;
    const seen = seenOf(map);
    this.before = { centre: map.getCenter(), zoom: map.getZoom(), snap: map.options.zoomSnap };
    showNotice(t("正在排版……"), { stay: true });
    document.documentElement.style.setProperty("--sheet-width", `${PAPER.x * FINER}px`);
    document.documentElement.style.setProperty("--sheet-height", `${PAPER.y * FINER}px`);
    turnToPaper(true);
    map.options.zoomSnap = 0;
    map.invalidateSize({ animate: false, pan: false });
    paintForPaper(true);
    map.fitBounds(seen, { animate: false });
    await drawn(map);
    hideNotice();
    addEventListener("pointerdown", () => this.end(), { once: true });
    print();
  }

  end() {
    if (!this.before) return;
    const { centre, zoom, snap } = this.before;
    this.before = null;
    turnToPaper(false);
    paintForPaper(false);
    this.map.invalidateSize({ animate: false, pan: false });
    this.map.setView(centre, zoom, { animate: false });
    this.map.options.zoomSnap = snap;
  }
}

/** The part of the map that is seen, without what a sheet lies on. @param {L.Map} map */
function seenOf(map) {
  const { x, y } = map.getSize();
  return L.latLngBounds(map.containerPointToLatLng([0, 0]), map.containerPointToLatLng([x, y - coverage()]));
}

/** Until the map stands as it will be printed, or patience ends. @param {L.Map} map */
async function drawn(map) {
  const rest = (/** @type {number} */ ms) => new Promise((rested) => setTimeout(rested, ms));
  const missing = () => map.getContainer().querySelector(".leaflet-tile:not(.leaflet-tile-loaded)");
  await rest(LOOK_MS);
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end && (missing() || !isQuiet()); ) await rest(LOOK_MS);
  await rest(REST_MS);
}

/** Tell the style sheet how large the map is on the screen: on paper it keeps its picture, at a
 * scale that fits the page; and the title the day. @param {L.Map} map */
function measure(map) {
  const { x, y } = map.getSize();
  const fit = Math.min(1, PAPER.x / x, PAPER.y / y);
  const sizes = { "--map-width": `${x}px`, "--map-height": `${y}px`, "--map-scale": fit };
  for (const [name, value] of Object.entries(sizes)) document.documentElement.style.setProperty(name, String(value));
  const told = [t("打印于 {when}", { when: short(new Date().toISOString()) }), t("比例尺约 1:{number}", { number: scaleOf(map, fit) })];
  byId("printed-at").textContent = told.join(t("，"));
}

/** How many times smaller than the ground the map is on A4, rounded. @param {L.Map} map @param {number} fit */
function scaleOf(map, fit) {
  const { x, y } = map.getSize();
  const [one, other] = [[x / 2 - 50, y / 2], [x / 2 + 50, y / 2]].map(([left, top]) => map.containerPointToLatLng([left, top]));
  const times = map.distance(one, other) / (100 * fit * PIXEL_M);
  const step = 10 ** Math.max(0, Math.floor(Math.log10(times)) - 1);
  return count(Math.round(times / step) * step, lang);
}

/** Which issues are on the map, where not all open ones are. */
function narrowed() {
  const state = document.querySelector("[data-state][aria-pressed=true]")?.firstChild?.textContent?.trim();
  const more = byId("filter-summary").hidden ? null : byId("filter-summary").querySelector("span")?.textContent;
  return el("p", { class: "paper-narrowed" }, t("图上的诉求"), t("："), [state, more].filter(Boolean).join(t("，")));
}

/** What the map shows the facts of, in their words. */
function chosen() {
  const facts = byId("facts-view").hidden ? null : byId("facts-view").querySelector(".facts:not([aria-busy])");
  if (!facts) return null;
  const copy = /** @type {HTMLElement} */ (facts.cloneNode(true));
  for (const tool of copy.querySelectorAll("button, form, input, .button, script")) tool.remove();
  for (const named of copy.querySelectorAll("[id]")) named.removeAttribute("id");
  return el("div", { class: "paper-facts" }, copy);
}

/** @param {import("../legend.js").Group} group */
function group({ title, rows }) {
  const told = rows.map(({ sign, text, glyph }) => el("div", { class: glyph ? "legend-row glyph" : "legend-row" }, sign, el("span", {}, text)));
  return el("div", { class: "legend-group" }, el("h3", {}, title), ...told);
}

/** The issues that the list shows. */
function table() {
  const issues = shownIssues();
  if (!issues.length) return null;
  const heads = [t("类别"), t("诉求"), t("地址"), t("所属网格"), t("反映时间"), t("办理期限"), t("状态")];
  return el("table", { class: "paper-table" },
    el("caption", {}, byId("list-count").textContent, byId("more").hidden ? null : t("，这里印出前 {count} 件", { count: issues.length })),
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, ...issues.map(line)));
}

/** @param {Issue} issue */
function line(issue) {
  const ended = words.ended(issue.status);
  const state = [words.status(issue.status), issue.overdue && !ended && t("已超期"), issue.level !== "grid" && !ended && words.level(issue.level)];
  const cells = [
    el("span", {}, icon(issue.category), issue.category_name), said(issue.text), said(issue.address), said(issue.grid?.name ?? issue.community?.name),
    short(issue.reported_at), short(issue.due_at), state.filter(Boolean).join(t("、")),
  ];
  return el("tr", {}, ...cells.map((cell) => el("td", {}, cell)));
}

/** A moment without how far it is. @param {string | null} iso */
function short(iso) {
  return moment(iso, { lang, timeZone, now: new Date() }).replace(/ ?[（(].*$/, "");
}
