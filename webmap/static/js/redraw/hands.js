/** The ways of choosing buildings: one by one, with a brush, or with a box. */

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { action } from "./parts.js";

/** @typedef {"click" | "brush" | "box"} Hand */

/** @type {[Hand, string, () => string][]} */
const HANDS = [["click", "tap", () => t("点选")], ["brush", "brush", () => t("涂选")], ["box", "box", () => t("框选")]];

/** @param {Hand} held @param {(hand: Hand) => void} use */
export function hands(held, use) {
  const buttons = HANDS.map(([hand, picture, word]) => {
    const button = action(word(), picture, () => use(hand));
    button.setAttribute("aria-pressed", String(held === hand));
    return button;
  });
  return el("div", { class: "hands", role: "group", "aria-label": t("怎样选楼栋") }, ...buttons);
}
