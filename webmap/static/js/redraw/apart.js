/** Buildings that lie apart from the grid that should take them. */

import { holds } from "../geometry.js";
import { t } from "../i18n.js";

/** The remedy that leaves out the chosen buildings on the ground that was refused; null where none lies there.
 * @param {import("../api.js").Refusal | null} refusal @param {SceneHouse[]} chosen @param {(codes: string[]) => void} leave
 * @returns {{word: string, act: () => void} | null} */
export function leavingOut(refusal, chosen, leave) {
  const areas = refusal?.code === "area_apart" ? areasOf(refusal.facts.place) : [];
  const apart = chosen.filter(({ door }) => areas.some((area) => holds(area, door)));
  if (!apart.length) return null;
  const word = apart.length === 1 ? t("去掉这栋") : t("去掉这 {count} 栋", { count: apart.length });
  return { word, act: () => leave(apart.map(({ code }) => code)) };
}

/** The areas that a place is made of. @param {any} place @returns {any[]} */
function areasOf(place) {
  if (place?.type === "GeometryCollection") return place.geometries.flatMap(areasOf);
  return ["Polygon", "MultiPolygon"].includes(place?.type) ? [place] : [];
}
