/** Where a report for somebody else lies: a pin on the map, and what stands there in words. */

import { ask } from "./api.js";
import { fill } from "./dom.js";
import { said, t, woven } from "./i18n.js";
import { needle } from "./marks.js";

/** @typedef {import("./behalf-draft.js").Spot} Spot */

export class BehalfSpot {
  /**
   * @param {L.Map} map @param {string} url tells what stands at a place @param {HTMLElement} where says it
   * @param {() => void} changed
   */
  constructor(map, url, where, changed) {
    this.map = map;
    this.url = url;
    this.where = where;
    this.changed = changed;
    /** @type {Spot | null} */
    this.current = null;
    this.looking = Promise.resolve();
    this.pin = L.marker([0, 0], { icon: needle(), draggable: true, title: t("出问题的地方") });
    this.pin.on("dragend", () => this.put({ lon: this.pin.getLatLng().lng, lat: this.pin.getLatLng().lat }));
  }

  /** @param {Spot} chosen */
  put(chosen) {
    this.current = { ...chosen };
    this.changed();
    this.pin.setLatLng([chosen.lat, chosen.lon]).addTo(this.map);
    fill(this.where, t("地图上选的点"));
    this.looking = this.look(this.current);
  }

  clear() {
    this.current = null;
    this.pin.remove();
    fill(this.where, t("在地图上点一下出问题的地方"));
  }

  /** Find out what stands there; without an answer the point alone stands. @param {Spot} at */
  async look(at) {
    const facts = /** @type {PlaceFacts | null} */ (await ask(this.url, { params: { lon: at.lon, lat: at.lat } }).catch(() => null));
    if (!facts || this.current !== at) return;
    const { building, grid } = facts;
    at.building = building ? { id: building.id, address: building.address ?? "" } : undefined;
    this.changed();
    const name = building?.name || building?.address || grid?.name;
    if (name) fill(this.where, ...woven(t("选定：{place}"), { place: said(name) }));
  }
}
