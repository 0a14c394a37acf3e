/** Buildings that lie apart from the grid that should take them. */

import { holds } from "../geometry.js";
import { t } from "../i18n.js";
import { between } from "./between.js";

const MOST_BETWEEN = 40;

/** @typedef {{id: string, word: string, act: () => void}} Remedy */

/** What would help buildings that lie apart: those between them too, or without them.
 * @param {import("../api.js").Refusal | null} refusal @param {SceneHouse[]} houses all of the community @param {SceneHouse[]} movable
 * @param {{chosen: Set<string>, to: string}} hand @param {Map<number, string | null>} home
 * @param {(codes: string[], wanted: boolean) => void} put @returns {Remedy[]} */
export function apartRemedies(refusal, houses, movable, { chosen, to }, home, put) {
  const apart = lyingApart(refusal, movable.filter(({ code }) => chosen.has(code)));
  const there = houses.filter((house) => home.get(house.id) === to || (chosen.has(house.code) && !apart.includes(house)));
  const homeOf = (/** @type {SceneHouse} */ { id }) => home.get(id) ?? null;
  return [...connecting(apart, movable, there, homeOf, (codes) => put(codes, true)), ...leavingOut(apart, (codes) => put(codes, false))];
}

/** The chosen buildings on the ground that was refused. @param {import("../api.js").Refusal | null} refusal @param {SceneHouse[]} chosen */
function lyingApart(refusal, chosen) {
  const areas = refusal?.code === "area_apart" ? areasOf(refusal.facts.place) : [];
  return chosen.filter(({ door }) => areas.some((area) => holds(area, door)));
}

/** The remedy that leaves them out. @param {SceneHouse[]} apart @param {(codes: string[]) => void} leave @returns {Remedy[]} */
function leavingOut(apart, leave) {
  if (!apart.length) return [];
  const word = apart.length === 1 ? t("去掉这栋") : t("去掉这 {count} 栋", { count: apart.length });
  return [{ id: "leave-out", word, act: () => leave(apart.map(({ code }) => code)) }];
}

/** The remedy that hands over what stands between them and the grid that takes them, too.
 * @param {SceneHouse[]} apart @param {SceneHouse[]} movable @param {SceneHouse[]} there buildings of the taker, and those that go there
 * @param {(house: SceneHouse) => string | null} homeOf @param {(codes: string[]) => void} add @returns {Remedy[]} */
function connecting(apart, movable, there, homeOf, add) {
  const codes = apart.length && there.length ? between(apart, movable, there, homeOf) : [];
  if (!codes.length || codes.length > MOST_BETWEEN) return [];
  return [{ id: "connect", word: t("连中间的 {count} 栋一起移交", { count: codes.length }), act: () => add(codes) }];
}

/** The areas that a place is made of. @param {any} place @returns {any[]} */
function areasOf(place) {
  if (place?.type === "GeometryCollection") return place.geometries.flatMap(areasOf);
  return ["Polygon", "MultiPolygon"].includes(place?.type) ? [place] : [];
}
