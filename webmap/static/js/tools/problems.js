/** What the six checks found: listed in the panel, drawn hatched and numbered, stepped through. */

import { ask, sentence } from "../api.js";
import { byId, el, fill } from "../dom.js";
import { failed } from "../facts.js";
import { count } from "../format.js";
import { lang, t } from "../i18n.js";
import { onTurn, palette, slanted } from "../palette.js";
import { checkBlock, measured } from "../problems.js";
import { coverage, settle } from "../sheet.js";
import { centre } from "./view.js";

const AGAIN_MS = 1000;
const NEAREST = 18;
const KEY = "problem";
const PANE = "problems";
const SIDE = 32;
const NEAR = 16.5;
/** Checks whose problems stand for whole areas, which are hatched only when chosen. */
const WHOLE = ["attributes", "relations"];

/** @param {L.Map} map @param {{url: string}} settings */
export default function start(map, { url }) {
  const problems = new Problems(map, url);
  problems.load();
  onTurn(() => problems.restyle());
  addEventListener("popstate", () => problems.follow());
  document.addEventListener("keydown", (event) => problems.key(event));
}

class Problems {
  /** @param {L.Map} map @param {string} url */
  constructor(map, url) {
    this.map = map;
    this.url = url;
    /** @type {Problem[]} */
    this.found = [];
    this.current = 0;
    /** @type {Map<number, L.Marker>} */
    this.marks = new Map();
    map.createPane(PANE).style.zIndex = "450";
    const renderer = L.canvas({ pane: PANE, padding: 0.3 });
    this.drawn = L.geoJSON(undefined, {
      pane: PANE,
      interactive: false,
      style: (feature) => this.style(/** @type {Problem} */ (feature)),
      filter: (feature) => Boolean(feature.geometry),
      pointToLayer: (_feature, at) => L.circleMarker(at, { radius: 6 }),
      ...(/** @type {any} */ ({ renderer })),
    }).addTo(map);
    this.list = byId("problems");
    const near = () => map.getContainer().classList.toggle("near", map.getZoom() >= NEAR);
    map.on("zoomend", near);
    near();
    byId("problem-next").addEventListener("click", () => this.step(1));
    byId("problem-before").addEventListener("click", () => this.step(-1));
  }

  async load() {
    try {
      const answer = /** @type {QualityAnswer} */ (await ask(this.url));
      if (answer.state === "checking") setTimeout(() => this.load(), AGAIN_MS);
      else this.put(answer);
    } catch (error) {
      fill(this.list, failed(sentence(error), () => this.load()));
    }
  }

  /** @param {QualityAnswer} answer */
  put({ areas, checks, features }) {
    this.found = features;
    const told = features.filter(({ properties }) => properties.severity !== "note").length;
    const many = { areas: count(areas, lang), count: count(told, lang) };
    byId("problems-lead").textContent = told
      ? t("查了 {areas} 个网格，有 {count} 项要处理。", many)
      : t("查了 {areas} 个网格，没有要处理的问题。", many);
    const blocks = checks.map((check) => {
      const mine = features.filter(({ properties }) => properties.check === check.code);
      return checkBlock(check, mine, (number) => this.choose(number));
    });
    fill(this.list, ...blocks);
    this.list.removeAttribute("aria-busy");
    byId("stepper").hidden = features.length === 0;
    fill(byId("problem-next"), el("span", {}, told ? t("下一个问题") : t("下一条说明")));
    this.draw();
    this.follow();
    this.tell();
  }

  draw() {
    this.drawn.clearLayers();
    for (const mark of this.marks.values()) mark.remove();
    this.marks.clear();
    for (const problem of this.found) {
      if (problem.geometry) this.drawn.addData(problem);
      if (problem.properties.spot) this.mark(problem.properties);
    }
  }

  /** The number of a problem on the map. @param {ProblemProps} problem */
  mark(problem) {
    const { number, severity, title, spot } = problem;
    const size = measured(problem);
    const [lon, lat] = spot ?? [0, 0];
    const label = el("span", { class: `problem-mark ${severity}` }, number, size && el("span", { class: "problem-size" }, size));
    const icon = L.divIcon({ className: "problem-place", html: label, iconSize: [SIDE, SIDE] });
    const mark = L.marker([lat, lon], { icon, alt: [number, title, size].filter(Boolean).join(" ") });
    mark.on("click", () => this.choose(number));
    this.marks.set(number, mark.addTo(this.map));
  }

  /** @param {Problem} problem @returns {L.PathOptions} */
  style({ properties: { number, severity, check } }) {
    const { alarm, hatch } = palette();
    const color = severity === "note" ? hatch : alarm;
    const chosen = number === this.current;
    const look = { color, opacity: 1, fillColor: slanted(color) };
    if (chosen) return { ...look, weight: 4, fill: true, fillOpacity: 0.9 };
    return { ...look, weight: WHOLE.includes(check) ? 1 : 2, fill: !WHOLE.includes(check), fillOpacity: 0.6 };
  }

  restyle() {
    this.drawn.setStyle((feature) => this.style(/** @type {Problem} */ (feature)));
  }

  /** @param {number} by */
  step(by) {
    const all = this.found.length;
    if (all) this.choose(((this.current || (by > 0 ? 0 : 1)) - 1 + by + all) % all + 1);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { key, target } = event;
    const typing = target instanceof HTMLElement && target.closest("input, select, textarea");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "n" || key === "N") this.step(1);
    if (key === "p" || key === "P") this.step(-1);
  }

  /** Show this problem, and keep it in the address. @param {number} number */
  choose(number) {
    const query = new URLSearchParams(location.search);
    query.set(KEY, String(number));
    history.replaceState(history.state, "", `${location.pathname}?${query}${location.hash}`);
    this.show(number);
    this.approach();
  }

  /** Show the problem that the address names. */
  follow() {
    const number = Number(new URLSearchParams(location.search).get(KEY));
    if (!Number.isInteger(number) || number < 1 || number > this.found.length) return;
    this.show(number);
    this.approach();
  }

  /** @param {number} number */
  show(number) {
    this.current = number;
    this.restyle();
    this.tell();
    for (const [one, mark] of this.marks) {
      mark.setZIndexOffset(one === number ? 1000 : 0);
      mark.getElement()?.firstElementChild?.classList.toggle("current", one === number);
    }
    for (const row of this.list.querySelectorAll("[data-number]")) {
      const chosen = Number(/** @type {HTMLElement} */ (row).dataset.number) === number;
      row.toggleAttribute("aria-current", chosen);
      if (chosen) row.setAttribute("aria-current", "true");
      if (chosen) row.scrollIntoView({ block: "nearest" });
    }
  }

  /** Say which one is shown. */
  tell() {
    const problem = this.found[this.current - 1]?.properties;
    const all = count(this.found.length, lang);
    const where = problem ? `${problem.number} / ${all}` : t("共 {count} 项", { count: all });
    const what = problem && el("span", { class: "unseen" }, ` ${problem.title} ${measured(problem)}`);
    fill(byId("problem-at"), where, what);
  }

  /** Bring the shown problem into the open part of the map. */
  approach() {
    const { bbox, spot, count: places } = this.found[this.current - 1].properties;
    if (!bbox || !spot) return;
    if (document.getElementById("panel")?.dataset.stop === "full") settle("half");
    const [west, south, east, north] = places > 1 ? [spot[0], spot[1], spot[0], spot[1]] : bbox;
    const room = L.point(96, 96 + coverage());
    const fit = this.map.getBoundsZoom([[south, west], [north, east]], false, room);
    centre(this.map, (south + north) / 2, (west + east) / 2, Math.min(NEAREST, fit));
  }
}
