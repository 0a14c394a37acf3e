/** A worker's own issues on the map: those at one door in a heap that fans out under the finger. */

import { count } from "./format.js";
import { fanned, heaped } from "./heaps.js";
import { lang } from "./i18n.js";
import { asIcon, clusterMark, issueMark } from "./marks.js";
import { palette } from "./palette.js";

const ABOVE = 1000;
const MARGIN = 48;
const MOST_FANNED = 40;

export class OwnMarks {
  /** @param {L.Map} map @param {(issue: Issue) => void} choose */
  constructor(map, choose) {
    this.map = map;
    this.choose = choose;
    this.layer = L.layerGroup().addTo(map);
    /** @type {Issue[]} */
    this.issues = [];
    this.chosen = "";
    /** An issue whose heap is fanned out, and the zoom at which it was. */
    this.opened = { id: "", zoom: 0 };
    map.on("zoomend", () => {
      if (map.getZoom() < this.opened.zoom) this.opened.id = "";
      this.draw();
    });
    map.on("click", () => this.open(""));
  }

  /** @param {Issue[]} issues the most pressing first @param {string} chosen */
  show(issues, chosen) {
    this.issues = issues.filter(({ lon, lat }) => lon !== null && lat !== null);
    this.chosen = chosen;
    this.draw();
  }

  /** Fan out the heap that holds an issue, if it lies in one; with none, gather what was fanned out. @param {string} id */
  open(id) {
    this.opened = { id, zoom: this.map.getZoom() };
    this.draw();
  }

  clear() {
    this.show([], "");
  }

  draw() {
    this.layer.clearLayers();
    const heaps = heaped(this.issues.map((issue) => this.map.project(at(issue)))).map((members) => members.map((i) => this.issues[i]));
    for (const here of heaps) {
      if (here.length === 1) this.one(here[0], at(here[0]));
      else if (here.some(({ id }) => id === this.opened.id)) this.fan(here, heaps.filter((other) => other !== here));
      else this.heap(here);
    }
  }

  /** @param {Issue} issue @param {L.LatLngExpression} where @param {number} [lift] */
  one(issue, where, lift = 0) {
    const { mark, label } = issueMark(/** @type {any} */ (issue), issue.category_name);
    mark.classList.toggle("lit", issue.id === this.chosen);
    mark.classList.toggle("fanned", lift > 0);
    const marker = L.marker(where, { icon: asIcon(mark), title: label, alt: label, zIndexOffset: lift });
    marker.on("click", () => this.choose(issue)).addTo(this.layer);
  }

  /** @param {Issue[]} issues */
  heap(issues) {
    const overdue = issues.filter((issue) => issue.overdue).length;
    const { mark, label } = clusterMark({ count: issues.length, overdue }, count(issues.length, lang));
    mark.classList.toggle("lit", issues.some(({ id }) => id === this.chosen));
    const marker = L.marker(at(issues[0]), { icon: asIcon(mark), title: label, alt: label });
    marker.on("click", () => this.part(issues)).addTo(this.layer);
  }

  /** Nearer, where that takes the heap apart; else fanned out where it lies. @param {Issue[]} issues */
  part(issues) {
    const bounds = L.latLngBounds(issues.map(at));
    const zoom = Math.min(this.map.getBoundsZoom(bounds, false, L.point(MARGIN, MARGIN)), this.map.getMaxZoom());
    const apart = heaped(issues.map((issue) => this.map.project(at(issue), zoom))).length > 1;
    if (zoom > this.map.getZoom() && apart) this.map.setView(bounds.getCenter(), zoom);
    else {
      this.open(issues[0].id);
      this.map.panTo(at(issues[0]));
    }
  }

  /** @param {Issue[]} issues @param {Issue[][]} others what must stay in sight beside it */
  fan(issues, others) {
    const middle = this.map.project(at(issues[0]));
    const shown = issues.slice(0, MOST_FANNED);
    const leg = { color: palette().text, weight: 1.5, opacity: 0.7, interactive: false };
    L.circleMarker(at(issues[0]), { ...leg, radius: 3, fillOpacity: 1 }).addTo(this.layer);
    const away = others.map(([issue]) => this.map.project(at(issue)).subtract(middle));
    fanned(shown.length, away).forEach(({ x, y }, i) => {
      const where = this.map.unproject(middle.add([x, y]));
      L.polyline([at(issues[0]), where], leg).addTo(this.layer);
      this.one(shown[i], where, ABOVE);
    });
  }
}

/** @param {{lon: number | null, lat: number | null}} issue @returns {[number, number]} */
function at({ lon, lat }) {
  return [Number(lat), Number(lon)];
}
