/**
 * A community's grids as a plan would have them: the present ones, with what the plan changes laid
 * over. Pure. Positions are [lon, lat] in degrees.
 *
 * @typedef {GeoJSON.Polygon | GeoJSON.MultiPolygon} Shape
 * @typedef {{
 *   code: string, named: string, number: string, kind: string, shape: Shape, households: number,
 *   was: number | null, isNew: boolean, changed: boolean, label: [number, number],
 * }} Grid `code` is what an intent names it by, `named` the code it will have; `was` its households
 *   at present, null where there is no such grid at present
 * @typedef {{grids: Grid[], open: GeoJSON.Polygon[], homes: Map<number, string | null>, gone: string[], cut: Set<string>}} Standing
 * @typedef {"above" | "below" | "open" | "homeless" | "pieces" | "cut" | "astride"} ProblemKind
 * @typedef {{kind: ProblemKind, at: [number, number], grid?: Grid, house?: SceneHouse, name?: string, count?: number, houses?: SceneHouse[]}} Flaw
 */

import { boxOf, heart, holds } from "../geometry.js";

/** @param {Scene} scene @param {DrawnPlan | null} drawn @returns {Standing} */
export function standing(scene, drawn) {
  const cells = new Map((drawn?.cells.features ?? []).map((one) => [one.properties.code, one]));
  const gone = drawn?.preview.retired ?? [];
  const homes = homesIn(scene, drawn, cells);
  const kept = scene.grids.filter(({ properties: { code } }) => !gone.includes(code));
  const known = new Set(scene.grids.map(({ properties: { code } }) => code));
  const own = kept.map((ground) => changedGrid(ground, cells.get(ground.properties.code), drawn));
  const made = [...cells.values()].filter(({ properties: { code, kind } }) => kind !== "uncovered" && !known.has(code) && !isBeside(scene, code));
  const grids = [...own, ...made.map((cell) => newGrid(cell, drawn))];
  for (const grid of grids) if (Number.isNaN(grid.households)) grid.households = householdsOf(scene, homes, grid.code);
  const before = new Map(scene.grids.map(({ properties: { code } }) => [code, householdsOf(scene, null, code)]));
  for (const grid of grids) grid.was = before.get(grid.code) ?? null;
  return { grids: grids.sort((a, b) => (a.named < b.named ? -1 : 1)), open: openGround(scene, cells, gone), homes, gone, cut: cutHouses(scene, drawn) };
}

/** @param {Scene} scene @param {string} code */
function isBeside(scene, code) {
  return scene.beside.some(({ properties }) => properties.code === code);
}

/** @param {Ground} ground @param {CellFeature | undefined} cell @param {DrawnPlan | null} drawn @returns {Grid} */
function changedGrid({ properties: { code, kind, label }, geometry }, cell, drawn) {
  const shape = cell?.geometry ?? geometry;
  const { before, after } = drawn?.preview ?? /** @type {Pick<RedrawPreview, "before" | "after">} */ ({ before: {}, after: {} });
  const households = after[code]?.households ?? NaN;
  const middle = cell ? (heart(cell.geometry) ?? label) : label;
  return { code, named: code, number: numberOf(code), kind: kind ?? "basic", shape, households, was: null, isNew: false, changed: Boolean(cell) && differs(before[code], after[code]), label: middle };
}

const CRUMB_M2 = 30;
const ROUNDER = 0.005;

/** Whether a grid is another than before by more than crumbs. @param {GridFigures | undefined} was @param {GridFigures | undefined} now */
function differs(was, now) {
  if (!was || !now) return Boolean(was) !== Boolean(now);
  if (Math.abs(was.area_m2 - now.area_m2) > CRUMB_M2 || Math.abs(was.compactness - now.compactness) > ROUNDER) return true;
  return /** @type {const} */ (["pieces", "buildings", "households", "residents", "groups", "members", "open_issues"]).some((name) => was[name] !== now[name]);
}

/** @param {CellFeature} cell @param {DrawnPlan | null} drawn @returns {Grid} */
function newGrid({ properties: { code, will_be: named, kind }, geometry }, drawn) {
  const households = drawn?.preview.after[named]?.households ?? NaN;
  const label = heart(geometry) ?? anyOf(geometry);
  return { code, named, number: numberOf(named), kind, shape: geometry, households, was: null, isNew: true, changed: true, label };
}

/** The last digits of a grid's code, by which people call it. @param {string} code */
export function numberOf(code) {
  const digits = /(\d{1,3})$/.exec(code)?.[1] ?? code;
  return digits.length === 3 && digits.startsWith("0") ? digits.slice(1) : digits;
}

/** A sentence of the server with its grids called as the map calls them, not by their codes.
 * @param {string} sentence @param {Grid[]} grids @param {(grid: Grid | null, code: string) => string} call
 * @param {string[]} words that stand before a code and go with it, the longer ones first */
export function inMapWords(sentence, grids, call, words) {
  const coded = new RegExp(`(?: ?(?:${words.join("|")}) )?(?<!\\d)(\\d{12}\\+?\\d{3})(?!\\d) ?`, "gi");
  return sentence.replace(coded, (all, code, at, whole) => {
    const name = call(grids.find((grid) => grid.code === code || grid.named === code) ?? null, code);
    const [before, after] = [whole[at - 1] ?? "", whole[at + all.length] ?? ""];
    const apart = (all.startsWith(" ") || /\p{L}/u.test(before)) && /^[\da-z]/i.test(name);
    const follows = /[\da-z]/i.test(after) || (/\p{Script=Han}/u.test(after) && /[\da-z]$/i.test(name));
    return `${apart ? " " : ""}${name}${follows ? " " : ""}`;
  });
}

/** Where each building's door lies: the code of its grid, or null. @param {Scene} scene
 * @param {DrawnPlan | null} drawn @param {Map<string, CellFeature>} cells */
function homesIn(scene, drawn, cells) {
  const byName = new Map([...cells.values()].map(({ properties }) => [properties.will_be, properties.code]));
  const homes = new Map(scene.buildings.map(({ id, grid }) => [id, grid]));
  for (const { id, after } of drawn?.preview.buildings ?? []) {
    if (homes.has(id)) homes.set(id, gridOrNone(after === null ? null : (byName.get(after) ?? after)));
  }
  return homes;
}

/** Ground in no grid has a name of its own on the server. @param {string | null} code */
function gridOrNone(code) {
  return code?.startsWith("~") ? null : code;
}

/** @param {Scene} scene @param {Map<number, string | null> | null} homes @param {string} code */
function householdsOf(scene, homes, code) {
  const mine = scene.buildings.filter(({ id, grid }) => (homes ? homes.get(id) : grid) === code);
  return mine.reduce((sum, { households }) => sum + households, 0);
}

/** @param {Scene} scene @param {Map<string, CellFeature>} cells @param {string[]} gone */
function openGround(scene, cells, gone) {
  const cell = [...cells.values()].find(({ properties }) => properties.kind === "uncovered");
  if (cell) return polygons(cell.geometry);
  return gone.some((code) => code.startsWith("~")) ? [] : scene.uncovered;
}

/** @param {Shape} shape @returns {GeoJSON.Polygon[]} */
export function polygons(shape) {
  if (shape.type === "Polygon") return shape.coordinates.length ? [shape] : [];
  return shape.coordinates.map((coordinates) => ({ type: "Polygon", coordinates }));
}

const TOUCHING = 1e-6;

/** Whether two grids have a stretch of border in common: two corners of one on the border of the
 * other; corners are compared to a tenth of a metre. @param {Shape} one @param {Shape} other */
export function adjoins(one, other) {
  return cornersOn(one, other) > 1 || cornersOn(other, one) > 1;
}

/** How many corners of a grid lie on the border of another. @param {Shape} one @param {Shape} other */
function cornersOn(one, other) {
  const rings = polygons(other).flatMap(({ coordinates }) => coordinates);
  const corners = polygons(one).flatMap(({ coordinates }) => coordinates.flatMap((ring) => ring.slice(1)));
  return corners.filter(([x, y]) => rings.some((ring) => ring.slice(1).some(([bx, by], i) => {
    const [ax, ay] = ring[i];
    const [dx, dy] = [bx - ax, by - ay];
    const share = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    return Math.hypot(x - ax - share * dx, y - ay - share * dy) < TOUCHING;
  }))).length;
}

/** @param {Scene} scene @param {DrawnPlan | null} drawn */
function cutHouses(scene, drawn) {
  const moved = new Set(drawn?.preview.buildings.map(({ id }) => id));
  const still = [...scene.buildings, ...scene.courtyards].filter(({ id, cut }) => cut && !moved.has(id)).map(({ code }) => code);
  return new Set([...still, ...(drawn?.preview.cut ?? [])]);
}

/** How households compare with the band. @param {number} households @param {[number, number]} band
 * @returns {"below" | "within" | "above"} */
export function judged(households, [low, high]) {
  if (households < low) return "below";
  return households > high ? "above" : "within";
}

/** What is not right, the weightiest first. @param {Scene} scene @param {Standing} now @returns {Flaw[]} */
export function flaws(scene, now) {
  const basic = now.grids.filter(({ kind }) => kind === "basic");
  const of = (/** @type {"above" | "below"} */ level) => basic.filter(({ households }) => judged(households, scene.band) === level);
  const above = of("above").sort((a, b) => b.households - a.households);
  const below = of("below").sort((a, b) => a.households - b.households);
  const homeless = scene.buildings.filter(({ id, households }) => !now.homes.get(id) && households > 0);
  const inOpen = now.open.map((shape) => homeless.filter(({ door }) => holds(shape, door)));
  const elsewhere = homeless.filter((house) => !inOpen.some((houses) => houses.includes(house)));
  const apart = now.grids.filter(({ shape }) => polygons(shape).length > 1);
  return [
    ...above.map((grid) => ({ kind: /** @type {const} */ ("above"), grid, at: grid.label })),
    ...now.open.map((shape, i) => ({ kind: /** @type {const} */ ("open"), houses: inOpen[i], at: heart(shape) ?? anyOf(shape) })),
    ...elsewhere.map((house) => ({ kind: /** @type {const} */ ("homeless"), house, at: house.door })),
    ...apart.map((grid) => ({ kind: /** @type {const} */ ("pieces"), grid, at: grid.label })),
    ...scene.buildings.filter(({ code }) => now.cut.has(code)).map((house) => ({ kind: /** @type {const} */ ("cut"), house, at: house.door })),
    ...below.map((grid) => ({ kind: /** @type {const} */ ("below"), grid, at: grid.label })),
    ...astride(scene, now),
  ];
}

/** Equal for the same flaw of the same thing. @param {Flaw} flaw */
export function nameOfFlaw({ kind, grid, house, name, at }) {
  return [kind, grid?.code ?? house?.code ?? at.join(), name ?? ""].join(" ");
}

/** Party groups with buildings beyond the grid that owns them. @param {Scene} scene @param {Standing} now @returns {Flaw[]} */
function astride(scene, now) {
  /** @type {Map<number, SceneHouse[]>} */
  const beyond = new Map();
  for (const house of scene.buildings) {
    if (house.group === null || house.group_grid === null || now.gone.includes(house.group_grid) || !now.homes.get(house.id)) continue;
    if (now.homes.get(house.id) === house.group_grid) continue;
    beyond.set(house.group, [...(beyond.get(house.group) ?? []), house]);
  }
  return [...beyond.values()].map((houses) => ({ kind: "astride", house: houses[0], name: houses[0].group_name ?? "", count: houses.length, houses, at: houses[0].door }));
}

/** @param {Shape} shape @returns {[number, number]} */
function anyOf(shape) {
  const [west, south, east, north] = boxOf(polygons(shape).flatMap(({ coordinates }) => coordinates[0]));
  return [(west + east) / 2, (south + north) / 2];
}

/** Households of grids once these buildings belong to another one, without asking anybody.
 * @param {Scene} scene @param {Standing} now @param {Set<string>} chosen codes @param {string} to
 * @returns {{grid: Grid, before: number, after: number}[]} the taker first */
export function handedOver(scene, now, chosen, to) {
  /** @type {Map<string, number>} */
  const change = new Map([[to, 0]]);
  for (const { id, code, households } of scene.buildings) {
    const home = now.homes.get(id);
    if (!chosen.has(code) || !home || home === to) continue;
    change.set(home, (change.get(home) ?? 0) - households);
    change.set(to, (change.get(to) ?? 0) + households);
  }
  return [...change].flatMap(([code, by]) => {
    const grid = now.grids.find((one) => one.code === code);
    return grid ? [{ grid, before: grid.households, after: grid.households + by }] : [];
  });
}
