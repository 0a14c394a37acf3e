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

/** @param {number[][]} ring @param {readonly number[]} position */
function inRing(ring, [x, y]) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/**
 * The labels that can stand without covering one another; the first come stay.
 * @template {{x: number, y: number, width: number, height: number}} T
 * @param {T[]} labels each with its centre and size in pixels
 * @returns {T[]}
 */
export function thinned(labels) {
  /** @type {T[]} */
  const kept = [];
  for (const label of labels) {
    if (!kept.some((other) => overlap(label, other))) kept.push(label);
  }
  return kept;
}

/** @typedef {{x: number, y: number, width: number, height: number}} Rect */
/** @param {Rect} a @param {Rect} b */
function overlap(a, b) {
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

/** @param {number} zoom @param {number} lat @param {number} lon */
export function writePlace(zoom, lat, lon) {
  return `#${Math.round(zoom * 100) / 100}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}
