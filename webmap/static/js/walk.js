/** Distances on foot, and the order in which to walk from one place to the next. */

const RADIUS_M = 6_371_008.8;

/** @typedef {{lon: number | null, lat: number | null}} Spot */

/** Metres between two places as the crow flies; what has no place is infinitely far. @param {Spot} a @param {Spot} b */
export function metres(a, b) {
  if (a.lon === null || a.lat === null || b.lon === null || b.lat === null) return Infinity;
  const turn = Math.PI / 180;
  const x = (b.lon - a.lon) * turn * Math.cos(((a.lat + b.lat) / 2) * turn);
  return Math.hypot(x, (b.lat - a.lat) * turn) * RADIUS_M;
}

/**
 * The things in an order that is good to walk: the nearest next, then turned where ways cross;
 * those without a place at the end.
 * @template {Spot} T @param {Spot} from @param {T[]} things @returns {T[]}
 */
export function walked(from, things) {
  const placed = things.filter(({ lon }) => lon !== null);
  const way = uncrossed(from, nearestFirst(from, placed));
  return [...way, ...things.filter(({ lon }) => lon === null)];
}

/** @template {Spot} T @param {Spot} from @param {T[]} things @returns {T[]} */
function nearestFirst(from, things) {
  const left = [...things];
  const way = [];
  let here = from;
  while (left.length) {
    const next = left.reduce((best, one, i) => (metres(here, one) < metres(here, left[best]) ? i : best), 0);
    [here] = left.splice(next, 1);
    way.push(/** @type {T} */ (here));
  }
  return way;
}

/** Turn a stretch round as long as that makes the way shorter. @template {Spot} T @param {Spot} from @param {T[]} way @returns {T[]} */
function uncrossed(from, way) {
  const stops = [from, ...way];
  for (let round = 0, better = true; better && round < 20; round += 1) {
    better = false;
    for (let i = 0; i < stops.length - 2; i += 1) {
      for (let j = i + 2; j < stops.length; j += 1) {
        if (gain(stops, i, j) < 0.01) continue;
        stops.splice(i + 1, j - i, ...stops.slice(i + 1, j + 1).reverse());
        better = true;
      }
    }
  }
  return /** @type {T[]} */ (stops.slice(1));
}

/** Metres saved by walking the stops i+1 to j the other way round. @param {Spot[]} stops @param {number} i @param {number} j */
function gain(stops, i, j) {
  const after = stops[j + 1];
  const before = metres(stops[i], stops[i + 1]) + (after ? metres(stops[j], after) : 0);
  return before - metres(stops[i], stops[j]) - (after ? metres(stops[i + 1], after) : 0);
}
