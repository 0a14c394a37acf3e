/** Plain geometry for the browser. Pure. Positions are [lon, lat] in degrees, pixels are {x, y}. */

/**
 * Whether the box is wholly inside the other. @param {Box} inner @param {Box} outer
 */
export function within(inner, outer) {
  return inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];
}

/** The box grown by `share` of its size on every side. @param {Box} box @param {number} share @returns {Box} */
export function grown([west, south, east, north], share) {
  const [dx, dy] = [(east - west) * share, (north - south) * share];
  return [west - dx, south - dy, east + dx, north + dy];
}

/** The box widened to whole steps, so that near views ask for the same.
 * @param {Box} box @param {number} step degrees @returns {Box} */
export function stepped([west, south, east, north], step) {
  const [down, up] = [(/** @type {number} */ x) => Math.floor(x / step) * step, (/** @type {number} */ x) => Math.ceil(x / step) * step];
  return [down(west), down(south), up(east), up(north)];
}

/** The smallest box around these positions. @param {number[][]} positions @returns {Box} */
export function boxOf(positions) {
  const [lons, lats] = [positions.map(([lon]) => lon), positions.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

/** Whether the position is in the box or on its edge. @param {Box} box @param {number} lon @param {number} lat */
export function holdsPoint([west, south, east, north], lon, lat) {
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

/** The box grown by so many degrees on every side. @param {Box} box @param {number} degrees @returns {Box} */
export function padded([west, south, east, north], degrees) {
  return [west - degrees, south - degrees, east + degrees, north + degrees];
}

/** The box as the server reads it, with seven decimals. @param {Box} box */
export function written(box) {
  return box.map((degree) => degree.toFixed(7)).join(",");
}

/**
 * Whether a polygon or multipolygon holds the position; for hints under the pointer only,
 * the server decides.
 * @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape @param {readonly number[]} position
 */
export function holds(shape, position) {
  const polygons = shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
  return polygons.some(([outer, ...holes]) => {
    return inRing(outer, position) && !holes.some((hole) => inRing(hole, position));
  });
}

/**
 * A position well inside of a shape: of a lattice over it, the one farthest from its edge.
 * @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape @param {number} [side] of the lattice
 * @returns {[number, number] | null}
 */
export function heart(shape, side = 16) {
  const rings = shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat();
  const box = boxOf(rings.flat());
  const flat = Math.cos((box[1] + box[3]) * (Math.PI / 360));
  /** @type {{at: [number, number] | null, far: number}} */
  let best = { at: null, far: -1 };
  for (const { x, y } of spread(box, { x: box[0], y: box[1] }, side)) {
    if (!holds(shape, [x, y])) continue;
    const far = Math.min(...rings.map((ring) => toEdge(ring, [x, y], flat)));
    if (far > best.far) best = { at: [x, y], far };
  }
  return best.at;
}

/**
 * Where a pin stands that shall cover nothing of a shape: on its upper edge, above the middle of it.
 * @param {GeoJSON.Polygon | GeoJSON.MultiPolygon} shape @returns {[number, number]}
 */
export function crown(shape) {
  const rings = shape.type === "Polygon" ? shape.coordinates : shape.coordinates.flat();
  const [west, , east, north] = boxOf(rings.flat());
  const middle = (west + east) / 2;
  const crossed = rings.flatMap((ring) => ring.slice(1).flatMap(([bx, by], i) => {
    const [ax, ay] = ring[i];
    return ax > middle !== bx > middle ? [ay + ((by - ay) * (middle - ax)) / (bx - ax)] : [];
  }));
  return [middle, crossed.length ? Math.max(...crossed) : north];
}

/** How far a position is from a ring, in degrees of latitude.
 * @param {number[][]} ring @param {[number, number]} position @param {number} flat the width of a degree of longitude */
function toEdge(ring, [x, y], flat) {
  let least = Infinity;
  for (let i = 1; i < ring.length; i++) {
    const [ax, ay] = [(ring[i - 1][0] - x) * flat, ring[i - 1][1] - y];
    const [dx, dy] = [(ring[i][0] - x) * flat - ax, ring[i][1] - y - ay];
    const along = Math.min(1, Math.max(0, -(ax * dx + ay * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(ax + along * dx, ay + along * dy));
  }
  return least;
}

/** @param {number[][]} ring @param {readonly number[]} position */
function inRing(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** @typedef {{x: number, y: number}} Spot */

/**
 * The labels that can stand without covering one another or an obstacle. The first come stay;
 * each takes the first of its spots that is free, and one without a free spot is left out.
 * @template {{spots: Iterable<Spot>, width: number, height: number}} T
 * @param {T[]} labels with their size and the spots for their centres, in pixels
 * @param {Rect[]} [obstacles]
 * @returns {(T & Spot)[]}
 */
export function thinned(labels, obstacles = []) {
  /** @type {(T & Spot)[]} */
  const kept = [];
  for (const label of labels) {
    const { width, height } = label;
    const free = (/** @type {Spot} */ { x, y }) => {
      const rect = { x, y, width, height };
      return !obstacles.some((other) => overlap(rect, other)) && !kept.some((other) => overlap(rect, other));
    };
    for (const spot of label.spots) {
      if (!free(spot)) continue;
      kept.push({ ...label, x: spot.x, y: spot.y });
      break;
    }
  }
  return kept;
}

/** The spots of a lattice over a box, those nearest to a wished one first.
 * @param {[number, number, number, number]} box left, top, right, bottom in pixels
 * @param {Spot} wish @param {number} [side] spots along each side @returns {Spot[]} */
export function spread([left, top, right, bottom], wish, side = 5) {
  const steps = [...Array(side).keys()].map((i) => (i + 0.5) / side);
  const spots = steps.flatMap((down) => steps.map((across) => ({ x: left + across * (right - left), y: top + down * (bottom - top) })));
  const away = (/** @type {Spot} */ { x, y }) => (x - wish.x) ** 2 + (y - wish.y) ** 2;
  return spots.sort((a, b) => away(a) - away(b));
}

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */
/** @param {Rect} a @param {Rect} b */
export function overlap(a, b) {
  return Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
}

/**
 * How wide a label will be in pixels: a Han character is as wide as the type is high.
 * @param {string} text @param {number} type the type's size in pixels
 */
export function labelWidth(text, type) {
  let width = 0;
  for (const letter of text) width += (letter.codePointAt(0) ?? 0) > 0x2e7f ? 1 : 0.56;
  return width * type;
}

/**
 * The short name of a grid on the map: its community's and its number, without the words that
 * all of them share.
 * @param {string} name
 */
export function shortName(name) {
  const number = /第?\s*0*(\d+)\s*(?:号)?网格/.exec(name);
  if (!number) return name.replace(/社区/, "");
  const community = name.slice(0, number.index).replace(/社区$/, "").trim();
  return `${community}${community ? " " : ""}${number[1].padStart(2, "0")}`;
}

/** The stroke pattern of a ring that shows `share` of a circle with this radius.
 * @param {number} share @param {number} radius */
export function arc(share, radius) {
  const whole = 2 * Math.PI * radius;
  const part = Math.min(1, Math.max(0, share)) * whole;
  return `${part.toFixed(2)} ${(whole - part).toFixed(2)}`;
}

/**
 * The stop of a sheet nearest to `height`, carried one further by a quick swipe.
 * @param {number} height in pixels @param {number} speed pixels a millisecond, upward positive
 * @param {number[]} stops heights in pixels, ascending
 * @returns {number} the index of the stop
 */
export function nearestStop(height, speed, stops) {
  const thrown = height + speed * 200;
  const away = stops.map((stop) => Math.abs(stop - thrown));
  return away.indexOf(Math.min(...away));
}

/**
 * A place written into an address and read back: zoom/lat/lon.
 * @param {string} text @returns {{zoom: number, lat: number, lon: number} | null}
 */
export function readPlace(text) {
  const parts = text.replace(/^#/, "").split("/").map(Number);
  if (parts.length !== 3 || !parts.every(Number.isFinite)) return null;
  const [zoom, lat, lon] = parts;
  const sound = zoom >= 0 && zoom <= 22 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180;
  return sound ? { zoom, lat, lon } : null;
}

/** Pixels that a box may be wide or high in the smallest map there is. */
const SHOWN = 320;

/** @param {number} zoom @param {number} lat @param {number} lon */
export function writePlace(zoom, lat, lon) {
  return `#${Math.round(zoom * 100) / 100}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}

/** The address of the map where it shows a box, or as it opens by itself where there is none.
 * @param {Box | null} box @param {string} [query] */
export function onMap(box, query = "") {
  if (!box) return `/${query}`;
  const [west, south, east, north] = box;
  const high = (/** @type {number} */ lat) => Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360));
  const wide = Math.max((east - west) / 360, (high(north) - high(south)) / (2 * Math.PI));
  const zoom = Math.min(17, Math.max(2, Math.log2(SHOWN / (256 * Math.max(wide, 1e-9)))));
  return `/${query}${writePlace(zoom, (south + north) / 2, (west + east) / 2)}`;
}
