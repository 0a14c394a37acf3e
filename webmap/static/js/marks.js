/** What stands on the map for an issue or a cluster: a disc whose ring tells the time left. */

import { el, icon, svg } from "./dom.js";
import { arc } from "./geometry.js";
import { t } from "./i18n.js";
import * as words from "./words.js";

const SIZE = 44;
const RADIUS = 14;

/** @param {PointProps} issue @param {string} category its name */
export function issueMark(issue, category) {
  const closed = words.ended(issue.status);
  const mood = closed ? "closed" : issue.overdue ? "overdue" : "open";
  const mark = el("div", { class: `marker ${mood}` }, dial(RADIUS, ring(issue, closed), glyph(issue.category)));
  if (!closed && issue.level !== "grid") mark.firstElementChild?.append(flag());
  const said = [category, words.status(issue.status), issue.overdue && !closed ? t("已超期") : ""];
  return { mark, label: said.filter(Boolean).join(" · ") };
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

/** A Leaflet icon around a mark. @param {HTMLElement} mark */
export function asIcon(mark) {
  return L.divIcon({ className: "", html: mark, iconSize: [SIZE, SIZE], iconAnchor: [SIZE / 2, SIZE / 2] });
}

/** The pin that people set. */
export function needle() {
  return L.divIcon({
    className: "needle",
    html: /** @type {any} */ (icon("pin")),
    iconSize: [SIZE, SIZE],
    iconAnchor: [SIZE / 2, SIZE - 5],
  });
}

/** @param {number} radius @param {(SVGElement | null)[]} rings @param {SVGElement} middle */
function dial(radius, rings, middle) {
  const side = radius * 2 + 6;
  const box = `${-side / 2} ${-side / 2} ${side} ${side}`;
  const disc = svg("circle", { class: "disc", r: radius + 1 });
  return svg("svg", { width: side, height: side, viewBox: box, "aria-hidden": "true" }, disc, ...rings, middle);
}

/** @param {PointProps} issue @param {boolean} closed */
function ring(issue, closed) {
  if (closed) return [turned("track", 1, RADIUS)];
  if (issue.overdue) return [turned("late", 1, RADIUS)];
  return [turned("track", 1, RADIUS), turned("left", issue.left ?? 1, RADIUS)];
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
  return svg("use", { href: `/static/icons.svg#${category}`, x: -9, y: -9, width: 18, height: 18 });
}

/** The small mark of an issue that went up from its grid. */
function flag() {
  return svg("path", { class: "raised-mark", d: "M6 -8 l5.500 -6.500 l5.500 6.500z" });
}
