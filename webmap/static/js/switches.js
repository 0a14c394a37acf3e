/** Which layers are shown. The legend turns them, the layers listen. */

/** @typedef {"streets" | "communities" | "grids" | "buildings" | "issues" | "uncovered"} LayerName */

class Switches extends EventTarget {
  /** @type {Set<LayerName>} */
  #hidden = new Set();

  /** @param {LayerName} name */
  shown(name) {
    return !this.#hidden.has(name);
  }

  /** @param {LayerName} name @param {boolean} shown */
  turn(name, shown) {
    if (shown) this.#hidden.delete(name);
    else this.#hidden.add(name);
    this.dispatchEvent(new Event(name));
  }

  /** @param {LayerName} name @param {() => void} listener */
  on(name, listener) {
    this.addEventListener(name, listener);
  }
}

export const switches = new Switches();
