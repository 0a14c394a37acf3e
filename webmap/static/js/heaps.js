/** Marks that lie on one another: gathered into heaps, and fanned out so that a finger finds each. */

/** @typedef {{x: number, y: number}} Pixel */

const APART = 36;
const FINGER = 46;
const INNER = 56;
const TURNS = 24;

/**
 * The marks (pixels on the screen) in heaps, as their positions in the list: what lies nearer than
 * `apart` to the first of a heap belongs to it.
 * @param {Pixel[]} spots @param {number} [apart] @returns {number[][]}
 */
export function heaped(spots, apart = APART) {
  /** @type {{at: Pixel, members: number[]}[]} */
  const heaps = [];
  spots.forEach((spot, i) => {
    const near = heaps.find(({ at }) => Math.hypot(at.x - spot.x, at.y - spot.y) < apart);
    if (near) near.members.push(i);
    else heaps.push({ at: spot, members: [i] });
  });
  return heaps.map(({ members }) => members);
}

/**
 * Where the marks of a heap go when it is fanned out: rings about the middle, the first on top,
 * each a finger's breadth from the next; turned as far as keeps them away from other marks. All in
 * pixels from the middle, y down.
 * @param {number} count @param {Pixel[]} [others] @returns {Pixel[]}
 */
export function fanned(count, others = []) {
  const turns = others.length ? TURNS : 1;
  const fans = Array.from({ length: turns }, (_, i) => rings(count, (i * 2 * Math.PI) / turns));
  const room = fans.map((fan) => Math.min(...fan.flatMap((one) => others.map(({ x, y }) => Math.hypot(one.x - x, one.y - y)))));
  return fans[room.indexOf(Math.max(...room))] ?? fans[0];
}

/** @param {number} count @param {number} turned @returns {Pixel[]} */
function rings(count, turned) {
  const places = [];
  for (let radius = INNER, left = count; left > 0; radius += FINGER) {
    const here = Math.min(left, Math.floor((2 * Math.PI * radius) / FINGER));
    for (let i = 0; i < here; i += 1) {
      const turn = (2 * Math.PI * i) / here - Math.PI / 2 + turned;
      places.push({ x: radius * Math.cos(turn), y: radius * Math.sin(turn) });
    }
    left -= here;
  }
  return places;
}
