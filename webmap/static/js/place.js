/**
 * The place of a report in the making: set by the pin, the address or the reader's position.
 * The map finds out whether it lies in the district, and meanwhile `checking` can be waited for.
 *
 * @typedef {"map" | "form" | "check"} Finder
 * @typedef {{lon: number, lat: number, label: string, building_id?: number | null, inside?: boolean}} Place
 * @typedef {{lon: number, lat: number, zoom: number} | {bbox: Box}} View
 * @typedef {{coarse: {lon: number, lat: number} | null, alike: {lon: number, lat: number}[]}} Around
 */

class PlaceState extends EventTarget {
  /** @type {Place | null} */
  current = null;
  /** @type {Promise<void>} */
  checking = Promise.resolve();

  /** @param {Place | null} place @param {Finder} by who found it */
  set(place, by) {
    this.current = place;
    this.dispatchEvent(new CustomEvent("place", { detail: by }));
  }

  /** @param {(by: Finder) => void} listener */
  on(listener) {
    this.addEventListener("place", (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }

  /** What the map was to show before it was there.
   * @type {View | null} */
  wish = null;

  /** Show this part of the map, without choosing a place in it. @param {View} view */
  look(view) {
    this.wish = view;
    this.dispatchEvent(new CustomEvent("look", { detail: view }));
  }

  /** Show what would be public of the place, and what was reported around it. @param {Around} around */
  around(around) {
    this.dispatchEvent(new CustomEvent("around", { detail: around }));
  }

  /** @param {(around: Around) => void} listener */
  onAround(listener) {
    this.addEventListener("around", (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }

  /** @param {(view: View) => void} listener */
  onLook(listener) {
    this.addEventListener("look", (event) => listener(/** @type {CustomEvent} */ (event).detail));
    if (this.wish) listener(this.wish);
  }
}

export const place = new PlaceState();

/** @type {Record<string, number>} */
const WIDE = { community: 15, road: 16 };

/**
 * The zoom at which to show a place that is only known as a community or a road, so that no
 * point of it may be taken for the place; nothing for places that are points.
 * @param {string} precision
 */
export function wideZoom(precision) {
  return WIDE[precision];
}
