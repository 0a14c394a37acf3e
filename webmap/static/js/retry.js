/** Tiles that fail: said once in plain words, tried again ever more seldom, never in the way. */

import { t } from "./i18n.js";
import { hideNotice, showNotice } from "./notice.js";

const TELL_MS = 800;
const FIRST_MS = 5000;
const LONGEST_MS = 60_000;

/** One spell of failing: told when most fails, for a hole at the map's edge is none; over when all is there. */
export class Patience {
  /** @param {() => void} again tries what failed */
  constructor(again) {
    this.again = again;
    this.pause = FIRST_MS;
    this.timer = 0;
    this.telling = 0;
    this.told = false;
    this.balance = 0;
  }

  failed() {
    this.balance += 1;
    if (!this.told && !this.telling) this.telling = setTimeout(() => this.#tell(), TELL_MS);
    if (this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = 0;
      this.pause = Math.min(LONGEST_MS, this.pause * 2);
      this.again();
    }, this.pause);
  }

  /** @param {boolean} all whether nothing is missing any more */
  loaded(all) {
    this.balance -= 1;
    if (!all) return;
    if (this.told) hideNotice();
    this.told = false;
    this.balance = 0;
    this.pause = FIRST_MS;
  }

  #tell() {
    this.telling = 0;
    if (this.balance <= 0 || navigator.onLine === false) return; // a dead network is told by the page itself
    this.told = true;
    showNotice(t("底图暂时取不到，正在重试。诉求、网格和楼栋照常可用。"));
  }
}

/**
 * Fetch pictures that failed again, each by itself.
 * @param {L.GridLayer} layer @param {(tile: HTMLImageElement, coords: L.Coords) => void} fetchAgain
 */
export function retrying(layer, fetchAgain) {
  /** @type {Map<HTMLImageElement, L.Coords>} */
  const lost = new Map();
  const patience = new Patience(() => {
    for (const [tile, coords] of lost) fetchAgain(tile, coords);
  });
  layer.on("tileerror", ({ tile, coords }) => {
    lost.set(/** @type {HTMLImageElement} */ (tile), coords);
    patience.failed();
  });
  layer.on("tileload", ({ tile }) => {
    lost.delete(/** @type {HTMLImageElement} */ (tile));
    patience.loaded(!lost.size);
  });
  layer.on("tileunload", ({ tile }) => lost.delete(/** @type {HTMLImageElement} */ (tile)));
}
