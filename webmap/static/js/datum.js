/**
 * GCJ-02, the shifted datum of Chinese web maps, from WGS 84. Degrees, longitude first.
 *
 * The same formulas as `geodata/domain/crs.py`, which a test holds this against.
 */

const AXIS = 6378245;
const BEND = 0.006693421622965943;
/** West, south, east, north: outside nothing is shifted. */
const SHIFTED_LAND = [72.004, 0.8293, 137.8347, 55.8271];

/** The place in `datum` of a place in WGS 84.
 * @param {"WGS84" | "GCJ02"} datum @param {number} lon @param {number} lat @returns {[lon: number, lat: number]} */
export function inDatum(datum, lon, lat) {
  const [west, south, east, north] = SHIFTED_LAND;
  const shifted = lon >= west && lon <= east && lat >= south && lat <= north;
  return datum === "GCJ02" && shifted ? toGcj02(lon, lat) : [lon, lat];
}

/** @param {number} lon @param {number} lat @returns {[lon: number, lat: number]} */
function toGcj02(lon, lat) {
  const phi = radians(lat);
  const bend = 1 - BEND * Math.sin(phi) ** 2;
  const along = radians((AXIS * (1 - BEND)) / bend ** 1.5);
  const across = radians((AXIS / Math.sqrt(bend)) * Math.cos(phi));
  const [east, north] = shiftMetres(lon - 105, lat - 35);
  return [lon + east / across, lat + north / along];
}

/** Metres east and north. @param {number} x @param {number} y degrees from (105, 35) */
function shiftMetres(x, y) {
  const root = Math.sqrt(Math.abs(x));
  const ripple = wave(x, [20, 6], [20, 2]);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root;
  return [
    east + ripple + wave(x, [20, 1], [40, 1 / 3], [150, 1 / 12], [300, 1 / 30]),
    north + ripple + wave(y, [20, 1], [40, 1 / 3], [160, 1 / 12], [320, 1 / 30]),
  ];
}

/** @param {number} degrees @param {...[height: number, frequency: number]} terms */
function wave(degrees, ...terms) {
  const heights = terms.map(([height, frequency]) => height * Math.sin(degrees * Math.PI * frequency));
  return (heights.reduce((sum, height) => sum + height, 0) * 2) / 3;
}

/** @param {number} degrees */
function radians(degrees) {
  return (degrees * Math.PI) / 180;
}
