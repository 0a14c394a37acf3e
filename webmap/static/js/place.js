/**
 * The place of a report in the making: set by the pin, the address or the reader's position.
 *
 * @typedef {{lon: number, lat: number, label: string, building_id?: number | null}} Place
 */

class PlaceState extends EventTarget {
  /** @type {Place | null} */
  current = null;

  /** @param {Place | null} place @param {"map" | "form"} by who found it */
  set(place, by) {
    this.current = place;
    this.dispatchEvent(new CustomEvent("place", { detail: by }));
  }

  /** @param {(by: "map" | "form") => void} listener */
  on(listener) {
    this.addEventListener("place", (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }
}

export const place = new PlaceState();
