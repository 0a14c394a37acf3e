/** What single buildings are filled with: by party group, unless a tool of the page says otherwise. */

/** @typedef {{grid?: number, colour?: number, group?: number}} Told what a tile says of a building */

/** @type {((building: Told) => string | null) | null} */
let chosen = null;
const changed = new EventTarget();

/** Fill buildings so from now on. @param {(building: Told) => string | null} ink what a canvas can fill
 * with; null leaves a building to its party group */
export function inkBuildings(ink) {
  chosen = ink;
  changed.dispatchEvent(new Event("ink"));
}

/** What a building is filled with by the tool that chose; null where none did. @param {Told} building */
export function inked(building) {
  return chosen && chosen(building);
}

/** @param {() => void} listener */
export function onInk(listener) {
  changed.addEventListener("ink", listener);
}
