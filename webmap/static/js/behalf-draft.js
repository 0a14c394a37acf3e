/** A report for somebody else that was begun, kept on this device until it is sent. */

const KEPT = "wangge.behalf";

/**
 * What was not sent yet. Its key is made when it is begun and goes with each try, so that it counts
 * once. `spot` has the building that stands there, as soon as it is known.
 * @typedef {{lon: number, lat: number, building?: {id: number, address: string}}} Spot
 * @typedef {{key: string, text: string, kind: string, spot: Spot | null}} Begun
 */

/** @param {Begun | null} begun */
export function keepBegun(begun) {
  try {
    if (begun) localStorage.setItem(KEPT, JSON.stringify(begun));
    else localStorage.removeItem(KEPT);
  } catch {
    return; // private windows may keep nothing
  }
}

/** @returns {Begun | null} */
export function readBegun() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}
