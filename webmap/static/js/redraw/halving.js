/**
 * A straight line that divides a grid's households about evenly and runs through no building. Pure:
 * places are [lon, lat] in degrees.
 *
 * @typedef {[number, number]} Place
 * @typedef {{door: Place, households: number, outline: number[][][]}} House
 */

import { boxOf } from "../geometry.js";
import { flatness } from "./snapping.js";

const DIRECTIONS = 24;
/** How much longer a line may be for a more even division: one share of the households for so many lengths. */
const LENGTH_WEIGHT = 0.25;
/** How far the line reaches out of the ground, as a share of its extent. */
const BEYOND = 0.04;

/** Lines that are offered lie at least so far from each other in direction. */
const APART = Math.PI / 5;

/**
 * The line, from outside to outside, with the households on both sides; null where buildings leave
 * no straight way.
 * @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape @param {House[]} houses
 * @returns {{line: Place[], sides: [number, number]} | null}
 */
export function halvingLine(shape, houses) {
  return halvingLines(shape, houses, 1)[0] ?? null;
}

/**
 * The best such lines of clearly different directions, the best first; `angle` in radians from the
 * east, up to half a turn.
 * @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape @param {House[]} houses @param {number} most
 * @returns {{line: Place[], sides: [number, number], angle: number}[]}
 */
export function halvingLines(shape, houses, most) {
  const total = houses.reduce((sum, { households }) => sum + households, 0);
  if (houses.length < 2 || !total) return [];
  const rings = /** @type {Place[][]} */ ((shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat()));
  const [west, south, east, north] = boxOf(rings.flat());
  const centre = /** @type {Place} */ ([(west + east) / 2, (south + north) / 2]);
  const flat = flatness(centre);
  const reach = Math.hypot((east - west) * flat, north - south);
  const found = [...Array(DIRECTIONS).keys()].flatMap((i) => cuts(houses, { centre, flat, angle: (Math.PI * i) / DIRECTIONS }));
  const judged = found.map((cut) => {
    const [from, to] = spanOf(rings, cut, flat);
    return { ...cut, from, to, cost: Math.abs(cut.sides[0] - cut.sides[1]) / total + (LENGTH_WEIGHT * (to - from)) / reach };
  }).sort((a, b) => a.cost - b.cost);
  /** @type {typeof judged} */
  const kept = [];
  for (const cut of judged) if (kept.length < most && kept.every((one) => turned(one.angle, cut.angle) >= APART)) kept.push(cut);
  return kept.map((cut) => ({ line: ends(cut, reach * BEYOND), sides: cut.sides, angle: cut.angle }));
}

/** Between the directions of two lines. @param {number} one @param {number} other */
function turned(one, other) {
  const far = Math.abs(one - other);
  return Math.min(far, Math.PI - far);
}

/** @typedef {{centre: Place, flat: number, angle: number, offset: number, sides: [number, number]}} Cut */

/** Where a line of one direction can run between the buildings.
 * @param {House[]} houses @param {{centre: Place, flat: number, angle: number}} frame @returns {Cut[]} */
function cuts(houses, frame) {
  const spans = houses.map(({ outline, households }) => {
    const across = outline[0].map((place) => offsetOf(/** @type {Place} */ (place), frame));
    return { low: Math.min(...across), high: Math.max(...across), households };
  }).sort((a, b) => a.low - b.low);
  /** @type {Cut[]} */
  const found = [];
  let [reached, below] = [-Infinity, 0];
  const total = spans.reduce((sum, { households }) => sum + households, 0);
  for (const { low, high, households } of spans) {
    if (low > reached && below > 0 && below < total) found.push({ ...frame, offset: (low + reached) / 2, sides: [below, total - below] });
    reached = Math.max(reached, high);
    below += households;
  }
  return found;
}

/** How far a place lies to one side of the line through the middle.
 * @param {Place} place @param {{centre: Place, flat: number, angle: number}} frame */
function offsetOf([x, y], { centre, flat, angle }) {
  return -(x - centre[0]) * flat * Math.sin(angle) + (y - centre[1]) * Math.cos(angle);
}

/** From where to where along the line the ground reaches.
 * @param {Place[][]} rings @param {Cut} cut @param {number} flat @returns {[number, number]} */
function spanOf(rings, cut, flat) {
  const met = rings.flatMap((ring) => ring.slice(1).flatMap((b, i) => {
    const a = ring[i];
    const [da, db] = [offsetOf(a, cut) - cut.offset, offsetOf(b, cut) - cut.offset];
    if (da > 0 === db > 0) return [];
    const share = da / (da - db);
    const [x, y] = [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share];
    return [(x - cut.centre[0]) * flat * Math.cos(cut.angle) + (y - cut.centre[1]) * Math.sin(cut.angle)];
  }));
  return [Math.min(0, ...met), Math.max(0, ...met)];
}

/** @param {Cut & {from: number, to: number}} cut @param {number} beyond @returns {Place[]} */
function ends({ centre, flat, angle, offset, from, to }, beyond) {
  const at = (/** @type {number} */ along) => /** @type {Place} */ ([
    centre[0] + (along * Math.cos(angle) - offset * Math.sin(angle)) / flat,
    centre[1] + along * Math.sin(angle) + offset * Math.cos(angle),
  ]);
  return [at(from - beyond), at(to + beyond)];
}
