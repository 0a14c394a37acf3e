/** What helps where something was refused, besides what the server sends along: buttons that do it. */

import { t } from "../i18n.js";
import { numberOf } from "./standing.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {import("../api.js").Refusal} Refusal @typedef {{word: string, act: () => void}} Remedy */

/** Unlock the grid that is in the way and go on. Nothing where no lock is.
 * @param {Desk} desk @param {Refusal} refusal @param {() => void} again @param {(error: unknown) => void} fail @returns {Remedy[]} */
export function unlocking({ draft }, { code, facts }, again, fail) {
  const lock = code === "grid_held" ? draft.locks.find(({ grid }) => grid === facts.grid) : null;
  if (!lock) return [];
  const act = () => draft.unlock(lock.id).then(again, fail);
  return [{ word: t("解锁 {number} 网格", { number: numberOf(lock.grid) }), act }];
}

/** Leave out the chosen buildings of the grid that is locked.
 * @param {Desk} desk @param {Refusal} refusal @param {Set<string>} chosen codes @param {(codes: string[]) => void} leave @returns {Remedy[]} */
export function leavingLocked({ draft, now }, { code, facts }, chosen, leave) {
  if (!["grid_held", "grid_locked"].includes(code)) return [];
  const houses = (draft.scene?.buildings ?? []).filter((house) => chosen.has(house.code) && now.homes.get(house.id) === facts.grid);
  if (!houses.length || houses.length === chosen.size) return [];
  const word = houses.length === 1 ? t("去掉这栋") : t("去掉这 {count} 栋", { count: houses.length });
  return [{ word, act: () => leave(houses.map((house) => house.code)) }];
}
