/** What stands on the map for an issue or a cluster: a disc whose ring tells the time left. */

import { el, icon, picture, svg } from "./dom.js";
import { arc } from "./geometry.js";
import { t } from "./i18n.js";
import * as words from "./words.js";

const SIZE = 44;
const RADIUS = 14;

/**
 * An issue: its glyph is the category, its ring the time left; overdue it is a filled disc and
 * escalated it bears a flag, so that neither needs colour to be seen.
 * @param {PointProps} issue @param {string} category its name
 */
export function issueMark(issue, category) {
  const closed = words.ended(issue.status);
  const mood = closed ? "closed" : issue.overdue ? "overdue" : "open";
  const mark = el("div", { class: `marker ${mood}` }, dial(RADIUS, ring(issue, closed), glyph(issue.category)));
  if (!closed && issue.level !== "grid") mark.firstElementChild?.append(flag());
  const raised = issue.level !== "grid" && !closed;
  const said = [category, words.status(issue.status), issue.overdue && !closed && t("已超期"), raised && t("已上升到{level}", { level: words.level(issue.level) })];
  return { mark, label: said.filter(Boolean).join(" · ") };
}

/** The chosen issue: a pin that stands above all marks, even above the cluster that holds it.
 * @param {PointProps} issue */
export function chosenPin(issue) {
  const mood = words.ended(issue.status) ? "closed" : issue.overdue ? "overdue" : "open";
  const drop = svg("path", { class: "drop", d: "M0 0C-5 -9 -17 -15 -17 -27a17 17 0 0 1 34 0C17 -15 5 -9 0 0z" });
  const use = svg("use", { href: picture(issue.category), x: -11, y: -38, width: 22, height: 22 });
  const mark = el("div", { class: `pinned ${mood}` }, svg("svg", { width: 44, height: 52, viewBox: "-22 -48 44 52", "aria-hidden": "true" }, drop, use));
  return L.divIcon({ className: "", html: mark, iconSize: [44, 52], iconAnchor: [22, 48] });
}

/** @param {ClusterProps} cluster @param {string} shown the count as written */
export function clusterMark({ count, overdue }, shown) {
  const radius = 15 + Math.min(7, Math.log10(count) * 4);
  const share = count ? overdue / count : 0;
  const parts = [turned("track", 1, radius), share > 0 ? turned("late", share, radius) : null];
  const text = svg("text", { y: "0.36em" }, shown);
  const label = overdue
    ? t("{count} 件诉求，其中 {overdue} 件超期", { count: shown, overdue })
    : t("{count} 件诉求", { count: shown });
  return { mark: el("div", { class: "marker cluster" }, dial(radius, parts, text)), label };
}

/** What is made known: a square, a tick in it where something was solved. @param {boolean} solved */
export function bulletinMark(solved) {
  const use = svg("use", { href: picture(solved ? "check" : "info"), x: -8, y: -8, width: 16, height: 16 });
  const square = svg("rect", { x: -13, y: -13, width: 26, height: 26, rx: 7 });
  const sign = svg("svg", { width: 30, height: 30, viewBox: "-15 -15 30 30", "aria-hidden": "true" }, square, use);
  return el("div", { class: `marker bulletin-mark${solved ? " solved" : ""}` }, sign);
}

/** A Leaflet icon around a mark. @param {HTMLElement} mark */
export function asIcon(mark) {
  return L.divIcon({ className: "", html: mark, iconSize: [SIZE, SIZE], iconAnchor: [SIZE / 2, SIZE / 2] });
}

/** The pin that people set. @param {number} [lift] as many pixels above its place, so that what is there can be read */
export function needle(lift = 0) {
  return L.divIcon({
    className: "needle",
    html: /** @type {any} */ (icon("pin")),
    iconSize: [SIZE, SIZE],
    iconAnchor: [SIZE / 2, SIZE - 5 + lift],
  });
}

/** @param {number} radius @param {(SVGElement | null)[]} rings @param {SVGElement} middle */
function dial(radius, rings, middle) {
  const side = radius * 2 + 6;
  const box = `${-side / 2} ${-side / 2} ${side} ${side}`;
  const rim = svg("circle", { class: "rim", r: radius + 2.5 });
  const disc = svg("circle", { class: "disc", r: radius + 1 });
  return svg("svg", { width: side, height: side, viewBox: box, "aria-hidden": "true" }, rim, disc, ...rings, middle);
}

/** @param {PointProps} issue @param {boolean} closed */
function ring(issue, closed) {
  if (closed) return [turned("track", 1, RADIUS)];
  if (issue.overdue) return [turned("late", 1, RADIUS)];
  if (typeof issue.left !== "number") return [svg("circle", { class: "track", r: RADIUS, "stroke-width": 2, "stroke-dasharray": "2 3" })];
  return [turned("track", 1, RADIUS), turned("left", issue.left, RADIUS)];
}

/** @param {string} kind @param {number} share @param {number} radius */
function turned(kind, share, radius) {
  const width = kind === "track" ? 1.5 : 3.5;
  return svg("circle", {
    class: kind, r: radius, "stroke-width": width, "stroke-dasharray": arc(share, radius), transform: "rotate(-90)",
  });
}

/** @param {string} category */
function glyph(category) {
  return svg("use", { href: picture(category), x: -9, y: -9, width: 18, height: 18 });
}

/** The flag on an issue that went up from its grid. */
function flag() {
  return svg("g", { class: "flag" },
    svg("path", { class: "flag-rim", d: "M9 -5V-19l11 4.500 -11 4.500" }),
    svg("path", { class: "flag-cloth", d: "M9 -19l11 4.500 -11 4.500z" }),
    svg("path", { class: "flag-pole", d: "M9 -5V-19" }));
}
