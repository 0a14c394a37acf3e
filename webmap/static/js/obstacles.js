/**
 * What names on the map must not be written over. Each part of the page tells its own, in pixels
 * of the map's container; whoever writes names asks for all of them.
 */

/** @typedef {import("./geometry.js").Rect} Rect */

/** @type {Map<string, () => Rect[]>} */
const tellers = new Map();

/** @param {string} name @param {() => Rect[]} tell where its things stand now */
export function standing(name, tell) {
  tellers.set(name, tell);
}

/** Everything that names keep away from now. @param {string[]} [only] of these parts */
export function obstacles(only) {
  const asked = [...tellers].filter(([name]) => !only || only.includes(name));
  return asked.flatMap(([, tell]) => tell());
}

/** Where these elements stand in the map's container; hidden ones nowhere.
 * @param {HTMLElement} container @param {Iterable<Element>} elements @returns {Rect[]} */
export function rectsOf(container, elements) {
  const ground = container.getBoundingClientRect();
  const shown = [...elements].map((one) => one.getBoundingClientRect()).filter(({ width }) => width > 0);
  return shown.map(({ left, top, width, height }) => {
    return { x: left - ground.left + width / 2, y: top - ground.top + height / 2, width, height };
  });
}
