/** A step that is taken again, and is refused: where and why, and whether it shall cut a building all the same. */

import { Refusal } from "../api.js";
import { t } from "../i18n.js";
import { refused } from "./parts.js";

const UNFIT = 422;
/** What is refused for a grid that is no more: the place of that is all ground. */
const NOWHERE = new Set(["no_such_grid", "no_such_community"]);

/** @typedef {import("./desk.js").Desk} Desk @typedef {{refusal: Refusal, again: (cuts: string[]) => void}} Doubt */

/** Keep what was refused until it was answered; whether that can be asked about. @param {Desk} desk @param {unknown} error @param {Doubt["again"]} again */
export function doubt(desk, error, again) {
  desk.doubt = error instanceof Refusal && error.status === UNFIT ? { refusal: error, again } : null;
  return Boolean(desk.doubt);
}

/** @param {Desk} desk */
export function doubtView(desk) {
  const { doubt: held, painter, now } = desk;
  if (!held) return null;
  const { code, facts } = held.refusal;
  painter.refuse(NOWHERE.has(code) ? null : (facts.place ?? null));
  const leave = () => {
    trust(desk);
    desk.home();
  };
  const mend = code === "buildings_cut" ? (/** @type {any} */ { changes }) => held.again(changes.cuts) : null;
  return refused(held.refusal, mend, now.grids, [{ id: "leave-it", word: mend ? t("先不画这一步") : t("知道了"), act: leave }]);
}

/** It is answered. @param {Desk} desk */
export function trust(desk) {
  desk.doubt = null;
  desk.painter.refuse(null);
}
