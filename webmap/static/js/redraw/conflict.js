/** Somebody else has redrawn what a plan touches: what, who, when, on the map and in words. */

import { Refusal, sentence } from "../api.js";
import { el } from "../dom.js";
import { moment } from "../format.js";
import { lang, marked, t, timeZone } from "../i18n.js";
import { colours } from "./colours.js";
import { action, refused } from "./parts.js";
import { numberOf } from "./standing.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk @param {string} title */
export function conflictView(desk, title) {
  const { blocked, conflicts } = desk.draft;
  if (!blocked) return;
  const rows = conflicts.map(({ grid, by, at, name }) => el("li", {}, ...marked(t("{number} 网格：{by} {at} {name}", {
    number: numberOf(grid), by: by ?? t("导入"), at: at ? moment(at, { lang, timeZone, now: new Date() }) : "", name: name ? t("（方案“{name}”）", { name }) : "",
  }))));
  desk.show(title, [
    refused(blocked, null, desk.now.grids),
    rows.length ? el("section", {}, el("h2", { class: "ask" }, t("谁改了什么")), el("ul", { class: "effects" }, ...rows), el("p", {}, el("small", {}, t("地图上：虚线是画方案时的边界，粗线是现在的边界。")))) : null,
  ], [
    action(t("另起一个方案"), "plus", () => {
      desk.painter.refuse(null);
      desk.draft.renew();
    }, { id: "renew" }),
    action(t("按现在的边界接着画"), "redo", () => rebase(desk), { strong: true, id: "rebase" }),
  ]);
  draw(desk);
}

/** @param {Desk} desk */
function draw({ draft: { conflicts }, painter }) {
  const { open, ghost } = colours();
  const was = conflicts.map(({ was: shape }) => ({ shape, style: { color: ghost, weight: 3, dashArray: "4 6", fill: false } }));
  const now = conflicts.flatMap(({ now: shape }) => (shape ? [{ shape, style: { color: open, weight: 3, fill: true, fillColor: open, fillOpacity: 0.12 } }] : []));
  painter.put("refused", [...now, ...was]);
}

/** Draw the plan again over the ground as it is. @param {Desk} desk */
async function rebase(desk) {
  try {
    const made = await desk.draft.move("rebase");
    desk.painter.refuse(null);
    desk.home();
    if (!made?.lost?.length) desk.say(t("按现在的边界重画了，一步不少。"));
  } catch (error) {
    desk.say(error instanceof Refusal ? sentence(error) : "");
  }
}
