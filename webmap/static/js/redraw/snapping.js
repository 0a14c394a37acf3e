/**
 * Drawn points that lie near a corner, a street or a border move onto it; two on one street follow
 * it. Pure: places are [lon, lat] in degrees, `flat` is the width of a degree of longitude in
 * degrees of latitude.
 *
 * @typedef {[number, number]} Place
 * @typedef {{at: Place, road: SceneRoad | null, name: string}} Snapped
 */

import { holds } from "../geometry.js";

/** About ten metres, in degrees. */
const STEP = 0.0001;

/**
 * Where a point goes: onto a corner within reach, else onto a street, else onto a border.
 * @param {Place} place @param {{roads: SceneRoad[], rings: Place[][]}} near @param {number} reach in degrees of latitude
 * @returns {Snapped}
 */
export function snapped(place, { roads, rings }, reach) {
  const flat = flatness(place);
  const corner = nearestCorner(place, rings, flat);
  if (corner && corner.far <= reach * 0.7) return { at: corner.at, road: null, name: "" };
  const street = best(roads.map((road) => ({ road, ...nearestOn(place, road.line, flat) })));
  if (street && street.far <= reach) return { at: street.at, road: street.road, name: street.road.name };
  const border = best(rings.map((ring) => nearestOn(place, ring, flat)));
  if (border && border.far <= reach) return { at: border.at, road: null, name: "" };
  return { at: place, road: null, name: "" };
}

/** The way between two snapped points: along the street where both lie on the same one.
 * @param {Snapped} from @param {Snapped} to @returns {Place[]} */
export function way(from, to) {
  if (!from.road || from.road !== to.road) return [from.at, to.at];
  const flat = flatness(from.at);
  const [a, b] = [nearestOn(from.at, from.road.line, flat), nearestOn(to.at, from.road.line, flat)];
  const [first, last] = a.along <= b.along ? [a, b] : [b, a];
  const between = from.road.line.filter((_point, i) => i > first.along && i < last.along);
  const found = distinct([first.at, ...between, last.at]);
  return a.along <= b.along ? found : found.reverse();
}

/** Streets that run through an area, each with its line from outside to outside and the weight of
 * what stands on its smaller side; those that divide best first, and none that divides nothing.
 * @param {SceneRoad[]} roads @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape
 * @param {{door: Place, households: number}[]} houses
 * @returns {{name: string, line: Place[], sides: [number, number]}[]} */
export function streetsThrough(roads, shape, houses) {
  const found = joined(roads).flatMap(({ name, line }) => runs(line, shape).map((run) => {
    const across = prolonged(run, shape);
    return { name, line: across, sides: sidesOf(across, houses) };
  }));
  return found.filter(({ sides }) => Math.min(...sides) > 0).sort((a, b) => Math.min(...b.sides) - Math.min(...a.sides));
}

/** The households to the left and to the right of a line. @param {Place[]} line @param {{door: Place, households: number}[]} houses
 * @returns {[number, number]} */
export function sidesOf(line, houses) {
  const flat = flatness(line[0]);
  /** @type {[number, number]} */
  const sides = [0, 0];
  for (const { door: [x, y], households } of houses) {
    const i = Math.min(line.length - 2, Math.floor(nearestOn([x, y], line, flat).along));
    const [[ax, ay], [bx, by]] = [line[i], line[i + 1]];
    sides[(bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0 ? 0 : 1] += households;
  }
  return sides;
}

/** The line with its ends led straight on until they are out of the area.
 * @param {Place[]} line @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape */
function prolonged(line, shape) {
  const first = exit(line[1], line[0], shape);
  const last = exit(line[line.length - 2], line[line.length - 1], shape);
  return [...first, ...line, ...last];
}

/** @param {Place} from @param {Place} end @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape @returns {Place[]} */
function exit(from, end, shape) {
  if (!holds(shape, end)) return [];
  const far = Math.hypot(end[0] - from[0], end[1] - from[1]) || 1;
  const step = [((end[0] - from[0]) / far) * STEP, ((end[1] - from[1]) / far) * STEP];
  for (let k = 1; k < 300; k++) {
    const beyond = /** @type {Place} */ ([end[0] + step[0] * k, end[1] + step[1] * k]);
    if (!holds(shape, beyond)) return [[beyond[0] + step[0], beyond[1] + step[1]]];
  }
  return [];
}

/** Pieces of one street that meet at their ends, as one line. @param {SceneRoad[]} roads */
export function joined(roads) {
  /** @type {{name: string, line: Place[]}[]} */
  const whole = [];
  for (const { name, line } of roads) {
    let current = line;
    for (let i = whole.length - 1; i >= 0; i--) {
      const met = name && whole[i].name === name ? meeting(whole[i].line, current) : null;
      if (!met) continue;
      current = met;
      whole.splice(i, 1);
    }
    whole.push({ name, line: current });
  }
  return whole;
}

/** @param {Place[]} a @param {Place[]} b @returns {Place[] | null} */
function meeting(a, b) {
  const same = (/** @type {Place} */ p, /** @type {Place} */ q) => Math.abs(p[0] - q[0]) < 1e-6 && Math.abs(p[1] - q[1]) < 1e-6;
  if (same(a[a.length - 1], b[0])) return [...a, ...b.slice(1)];
  if (same(b[b.length - 1], a[0])) return [...b, ...a.slice(1)];
  if (same(a[a.length - 1], b[b.length - 1])) return [...a, ...b.slice(0, -1).reverse()];
  return same(a[0], b[0]) ? [...b.slice(1).reverse(), ...a] : null;
}

/** The stretches of a line inside of an area, each with the points before and after it.
 * @param {Place[]} line @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape @returns {Place[][]} */
function runs(line, shape) {
  const fine = dense(line);
  const inside = fine.map((place) => holds(shape, place));
  /** @type {Place[][]} */
  const found = [];
  for (let i = 0; i < fine.length; i++) {
    if (!inside[i] || (i > 0 && inside[i - 1])) continue;
    let end = i;
    while (end + 1 < fine.length && inside[end + 1]) end += 1;
    if (end - i >= 2) found.push(plainer(fine.slice(Math.max(0, i - 1), end + 2)));
  }
  return found;
}

/** @param {Place[]} line @returns {Place[]} */
function dense(line) {
  return line.flatMap((place, i) => {
    const next = line[i + 1];
    if (!next) return [place];
    const steps = Math.min(200, Math.max(1, Math.ceil(Math.hypot(next[0] - place[0], next[1] - place[1]) / STEP)));
    return [...Array(steps).keys()].map((k) => /** @type {Place} */ ([place[0] + ((next[0] - place[0]) * k) / steps, place[1] + ((next[1] - place[1]) * k) / steps]));
  });
}

/** The line without points that lie on the way between their neighbours. @param {Place[]} line @returns {Place[]} */
function plainer(line) {
  return line.filter((b, i) => {
    const [a, c] = [line[i - 1], line[i + 1]];
    if (!a || !c) return true;
    return Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) > 1e-12;
  });
}

/** @param {Place} place */
export function flatness([, lat]) {
  return Math.cos((lat * Math.PI) / 180);
}

/** @param {Place} place @param {Place[][]} rings @param {number} flat */
function nearestCorner([x, y], rings, flat) {
  return best(rings.flat().map((at) => ({ at, far: Math.hypot((at[0] - x) * flat, at[1] - y) })));
}

/** The place on a line nearest to one, how far, and where along: a segment's number and a share.
 * @param {Place} place @param {Place[]} line @param {number} flat @returns {{at: Place, far: number, along: number}} */
export function nearestOn([x, y], line, flat) {
  let found = { at: line[0], far: Infinity, along: 0 };
  for (let i = 1; i < line.length; i++) {
    const [[ax, ay], [bx, by]] = [line[i - 1], line[i]];
    const [dx, dy] = [(bx - ax) * flat, by - ay];
    const share = Math.min(1, Math.max(0, ((x - ax) * flat * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
    const at = /** @type {Place} */ ([ax + (bx - ax) * share, ay + (by - ay) * share]);
    const far = Math.hypot((x - at[0]) * flat, y - at[1]);
    if (far < found.far) found = { at, far, along: i - 1 + share };
  }
  return found;
}

/** @template {{far: number}} T @param {T[]} all @returns {T | null} */
function best(all) {
  return all.reduce((/** @type {T | null} */ least, one) => (!least || one.far < least.far ? one : least), null);
}

/** @param {Place[]} line */
function distinct(line) {
  return line.filter((place, i) => !i || place[0] !== line[i - 1][0] || place[1] !== line[i - 1][1]);
}
