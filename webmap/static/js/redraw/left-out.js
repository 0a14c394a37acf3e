/** The steps that did not fit when a plan was drawn anew: why, and the way to try each again. */

import { ask, sentence } from "../api.js";
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { doubt, trust } from "./doubt.js";
import { action, calledBy, plainly } from "./parts.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk */
export function leftOutView(desk) {
  const lost = desk.draft.plan?.left_out ?? [];
  if (!lost.length) return null;
  const { grids: known } = desk.now;
  const rows = lost.map((one) => el("li", {},
    el("b", {}, one.called, " ", one.grids.map((code) => calledBy(known, code)).join(t("、"))), el("br", {}), ...plainly(one.title, known), el("br", {}),
    action(t("再试这一步"), "redo", () => again(desk, one), { id: `again-${one.number}` })));
  return el("section", { class: "refused-box", role: "status", id: "left-out" }, icon("alert"), el("div", {},
    el("p", {}, t("按现在的边界重画时，有 {count} 步不再合适，先放在这里，其余的都在：", { count: lost.length })),
    el("ul", { class: "effects" }, ...rows),
    el("div", { class: "problem-deeds" }, action(t("都不要了"), null, () => forget(desk, lost), { id: "left-out-read" }))));
}

/** @param {Desk} desk */
const address = ({ draft }) => `${draft.urls.plans}/${draft.plan?.public_id}/left-out`;

/** @param {Desk} desk @param {LeftOut} one @param {string[]} [cuts] */
async function again(desk, one, cuts = []) {
  trust(desk);
  try {
    const plan = await ask(`${address(desk)}/${one.number}`, { body: { cuts } });
    desk.draft.put(plan);
    desk.say(t("这一步画上了。"));
  } catch (error) {
    if (doubt(desk, error, (yes) => again(desk, one, yes))) desk.home();
    else desk.say(sentence(error));
  }
}

/** @param {Desk} desk @param {LeftOut[]} lost */
async function forget(desk, lost) {
  const { draft } = desk;
  try {
    const { left_out: rest } = await ask(address(desk), { body: { numbers: lost.map(({ number }) => number) } });
    if (draft.plan) draft.put({ ...draft.plan, left_out: rest }, draft.undone);
  } catch (error) {
    desk.say(sentence(error));
  }
}
