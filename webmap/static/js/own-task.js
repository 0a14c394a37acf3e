/** One thing on a worker's own ground: what is told of it in a line, and whose it may be as well. */

import { freshBadge } from "./arrivals.js";
import { el } from "./dom.js";
import { distance, relative } from "./format.js";
import { lang, said, t, woven } from "./i18n.js";
import { metres } from "./walk.js";
import * as words from "./words.js";

/** @typedef {Issue & {steps: string[], on_the_way?: boolean, supervision: string | null, handler: string | null, joined?: number, again?: {kind: string, note: string} | null, neighbour: {name: string, distance_m: number, workers: string[]} | null}} Task */

const HANDLED = new Set(["handled", "checked"]);

/** @param {Task} issue @param {{lon: number, lat: number} | null} here where the reader stands */
export function meta(issue, here) {
  const away = here && issue.lon !== null ? distance(metres(here, issue), lang) : null;
  const shown = [
    issue.fresh && freshBadge(),
    said(issue.address), words.status(issue.status), issue.on_the_way && words.event("set_out", null),
    issue.handler && el("span", {}, ...woven(t("{name}在办"), { name: said(issue.handler) })),
    issue.supervision && words.grade(issue.supervision),
    issue.joined ? t("{count} 人附议", { count: issue.joined }) : null,
    issue.level !== "grid" && t("已上升到{level}", { level: words.level(issue.level) }),
    until(issue),
    away && t("离我 {distance}", { distance: away }),
  ];
  return shown.filter(Boolean).map((part) => el("span", {}, part));
}

/** Why it is to be done again, in the words of whoever wants so; and what it waits for, where it was handed back. @param {Task} issue */
export function why({ again, status }) {
  if (status === "returned") return el("p", { class: "mine-why" }, words.rests());
  if (!again) return null;
  return el("p", { class: "mine-why" }, el("b", {}, words.event(again.kind, null)), again.note && " ", again.note && el("span", {}, said(again.note)));
}

/** How long there is; of what is done nothing. @param {Task} issue */
function until({ overdue, due_at: due, status }) {
  if (HANDLED.has(status)) return null;
  if (overdue) return el("span", { class: "late" }, t("已超期"));
  return due && t("{when}到期", { when: relative(new Date(due), new Date(), lang) });
}

/** Whose it may be as well, where it lies near a border. @param {Task} issue */
export function neighbour({ neighbour: near, rule }) {
  if (!near) return null;
  if (rule === "passed") return el("p", { class: "mine-neighbour" }, t("由{name}转来", { name: near.name }));
  const who = near.workers.length ? t("，{workers}", { workers: near.workers.join(t("、")) }) : "";
  return el("p", { class: "mine-neighbour" }, t("离界线很近，也可能归{name}（{distance}）{who}", { name: near.name, distance: distance(near.distance_m, lang), who }));
}
