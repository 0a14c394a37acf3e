/**
 * Which layers are shown. The legend turns them, the layers listen. Kept on this device, for the
 * page that has the legend.
 */

const KEY = "wangge.layers";

/** @typedef {"streets" | "communities" | "grids" | "buildings" | "issues" | "uncovered" | "bulletins"} LayerName */

class Switches extends EventTarget {
  /** @type {Set<LayerName>} */
  #hidden = new Set(remembered());

  /** @param {LayerName} name */
  shown(name) {
    return !this.#hidden.has(name);
  }

  /** @param {LayerName} name @param {boolean} shown */
  turn(name, shown) {
    if (shown) this.#hidden.delete(name);
    else this.#hidden.add(name);
    remember([...this.#hidden]);
    this.dispatchEvent(new Event(name));
  }

  /** @param {LayerName} name @param {() => void} listener */
  on(name, listener) {
    this.addEventListener(name, listener);
  }
}

/** @returns {LayerName[]} */
function remembered() {
  if (!document.body.classList.contains("mapped")) return [];
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return [];
  }
}

/** @param {LayerName[]} hidden */
function remember(hidden) {
  try {
    localStorage.setItem(KEY, JSON.stringify(hidden));
  } catch {
    return; // private windows may keep nothing; the switches work without
  }
}

export const switches = new Switches();
