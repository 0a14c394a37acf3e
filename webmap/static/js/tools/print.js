/** Paper: the map as it is seen with its title, legend, date and credit; then the list as a table. */

import { byId, el, fill, icon } from "../dom.js";
import { moment } from "../format.js";
import { lang, said, t, timeZone } from "../i18n.js";
import { legendGroups } from "../legend.js";
import { forPaper } from "../palette.js";
import * as words from "../words.js";
import { shownIssues } from "./list.js";

/** What an A4 page held across has room for beside the legend, in CSS pixels. */
const PAPER = { x: 780, y: 560 };

/** @param {L.Map} map */
export default function start(map) {
  const paper = el("section", { class: "paper", id: "paper", "aria-hidden": "true" });
  byId("main").append(paper);
  addEventListener("beforeprint", () => {
    measure(map);
    const groups = forPaper(legendGroups);
    fill(paper, el("div", { class: "paper-legend" }, ...groups.map(group)), table());
  });
  addEventListener("afterprint", () => fill(paper));
}

/** Tell the style sheet how large the map is on the screen: on paper it keeps its picture, at a
 * scale that fits the page; and the title the day. @param {L.Map} map */
function measure(map) {
  const { x, y } = map.getSize();
  const sizes = { "--map-width": `${x}px`, "--map-height": `${y}px`, "--map-scale": Math.min(1, PAPER.x / x, PAPER.y / y) };
  for (const [name, value] of Object.entries(sizes)) document.documentElement.style.setProperty(name, String(value));
  byId("printed-at").textContent = t("打印于 {when}", { when: short(new Date().toISOString()) });
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
