/** What publishing a plan would do, as sentences that anybody understands. */

import { count } from "../format.js";
import { lang, t } from "../i18n.js";
import { homes, thingsCut } from "./parts.js";
import { numberOf } from "./standing.js";

const many = (/** @type {number} */ value) => count(value, lang);
const named = (/** @type {string[]} */ codes) => codes.filter((code) => !code.startsWith("~")).map(numberOf).join(t("、"));

/** @param {DrawnPlan} plan @param {RedrawImpact | null} impact @param {Scene} scene @returns {string[]} */
export function effects({ preview }, impact, scene) {
  const moved = new Set(preview.buildings.map(({ id }) => id));
  const households = scene.buildings.filter(({ id }) => moved.has(id)).reduce((sum, house) => sum + house.households, 0);
  const made = named(preview.new);
  const retired = named(preview.retired);
  return [
    made ? t("新设网格：{codes}", { codes: made }) : "",
    retired ? t("裁撤网格：{codes}", { codes: retired }) : "",
    !preview.buildings.length ? t("只有地换了网格，楼栋和住户都不动。") : t("{buildings} 栋楼、{homes}换网格", { buildings: many(preview.buildings.length), homes: homes(households) }),
    preview.issues.length ? "" : t("没有未办结的诉求换网格"),
    ...issuesMoved(impact),
    preview.cut.length ? t("边界从 {things}中间穿过", { things: thingsCut(preview.cut, preview) }) : "",
    ...(impact?.groups_cut ?? []).map(({ name, grids }) => t("{name}的楼栋会分在 {codes} 网格里", { name, codes: named(Object.keys(grids)) || "—" })),
    ...gaps(impact, "closed"),
  ].filter(Boolean);
}

/** @param {RedrawImpact | null} impact */
function issuesMoved(impact) {
  /** @type {Map<string, {many: number, to: string}>} */
  const pairs = new Map();
  for (const { before, after, to_workers: to } of impact?.issues ?? []) {
    const pair = [before, after].map((code) => (code ? numberOf(code) : t("网格外"))).join(" → ");
    pairs.set(pair, { many: (pairs.get(pair)?.many ?? 0) + 1, to: to.join(t("、")) });
  }
  return [...pairs].map(([pair, { many: some, to }]) => to
    ? t("{count} 件未办结的诉求换网格：{pair}，由{workers}办理", { count: many(some), pair, workers: to })
    : t("{count} 件未办结的诉求换网格：{pair}", { count: many(some), pair }));
}

/** @type {Record<string, Record<"opened" | "closed", (gap: CoverageGap) => string>>} */
const GAPS = {
  grid_without_worker: {
    opened: ({ code }) => t("{number} 网格还没有网格员，请去“人员”里上岗", { number: numberOf(code) }),
    closed: ({ code }) => t("{number} 网格没有网格员的缺口消失", { number: numberOf(code) }),
  },
  grid_without_group: {
    opened: ({ code }) => t("{number} 网格还没有党小组", { number: numberOf(code) }),
    closed: ({ code }) => t("{number} 网格没有党小组的缺口消失", { number: numberOf(code) }),
  },
  grid_overloaded: {
    opened: ({ code }) => t("{number} 网格户数过多", { number: numberOf(code) }),
    closed: ({ code }) => t("{number} 网格不再户数过多", { number: numberOf(code) }),
  },
  grid_small: {
    opened: ({ code }) => t("{number} 网格户数偏少", { number: numberOf(code) }),
    closed: ({ code }) => t("{number} 网格不再户数偏少", { number: numberOf(code) }),
  },
  group_overloaded: {
    opened: ({ code, measure }) => t("{number} 网格的党小组服务 {homes}，超过上限", { number: numberOf(code), homes: homes(measure) }),
    closed: ({ code }) => t("{number} 网格的党小组不再服务户数过多", { number: numberOf(code) }),
  },
  ground_uncovered: {
    opened: ({ measure }) => t("多出没有划入网格的地 {area} 平方米", { area: many(Math.round(measure)) }),
    closed: ({ measure }) => t("补上没有划入网格的地 {area} 平方米", { area: many(Math.round(measure)) }),
  },
  building_uncovered: {
    opened: ({ measure }) => t("一栋楼（{homes}）不再属于任何网格", { homes: homes(measure) }),
    closed: ({ measure }) => t("一栋不在网格里的楼（{homes}）有了网格", { homes: homes(measure) }),
  },
};

/** @param {RedrawImpact | null} impact @param {"opened" | "closed"} side */
export function gaps(impact, side) {
  return (impact?.[side] ?? []).map((gap) => GAPS[gap.kind]?.[side](gap) ?? "").filter(Boolean);
}
