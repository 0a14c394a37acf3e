/** Issues on the map: in clusters from afar, one by one from near. */

import { newest, sentence } from "../api.js";
import { count } from "../format.js";
import { around } from "../frame.js";
import { boxOf, grown, within, written } from "../geometry.js";
import { lang, t } from "../i18n.js";
import { clusterMark, issueMark } from "../marks.js";
import { showNotice } from "../notice.js";
import { clustered, inReadingOrder, isCluster, isOfMany, keyOf, markerOf } from "../points.js";
import { page, wanted } from "../state.js";
import { switches } from "../switches.js";
import { categoryName } from "./list.js";

const SERVER_RADIUS = 24;
/** Pixels from where a mark stood to the cluster that took it in, where the page does not know what that holds. */
const SAME = 80;

/** @typedef {{key: string, at: L.LatLng, ids: string[]}} Held */

/** @param {L.Map} map @param {{url: string}} settings */
export default function start(map, settings) {
  const issues = new Issues(map, settings);
  map.on("moveend", () => issues.moved());
  page.on("filter", () => issues.load());
  page.on("data", () => issues.load());
  page.on("light", () => issues.light());
  page.on("select", () => issues.light());
  switches.on("issues", () => issues.draw());
  issues.load();
}

class Issues {
  /** @param {L.Map} map @param {{url: string}} settings */
  constructor(map, { url }) {
    this.map = map;
    this.url = url;
    this.ask = newest();
    this.layer = L.layerGroup().addTo(map);
    /** @type {Map<string, {marker: L.Marker, print: string}>} */
    this.standing = new Map();
    /** What was asked for last; `whole`: all there is came, whatever the box.
     * @type {{box: Box, whole: boolean, clustered: boolean, zoom: number} | null} */
    this.held = null;
    /** @type {ServerCluster[]} */
    this.clusters = [];
    /** @type {import("../points.js").Clusters | null} */
    this.index = null;
    /** The issues that each cluster on the map holds, by its key, as far as they were asked for.
     * @type {Map<string, string[]>} */
    this.members = new Map();
    /** Where a cluster was opened by key: the focus goes on to what came out of it.
     * @type {L.LatLng | null} */
    this.opened = null;
  }

  /** Ask for the whole district, of which the server gives the view alone where it has many. */
  async load() {
    if (page.filter.state === "unplaced") return this.hold([], null);
    const box = around(viewOf(this.map), this.map.getZoom());
    const zoom = Math.floor(this.map.getZoom());
    try {
      const params = { bbox: written(box), zoom, whole: "true", ...wanted() };
      const answer = /** @type {PointsAnswer | undefined} */ (await this.ask(this.url, { params }));
      if (!answer) return;
      this.hold(answer.features, { box, whole: answer.whole, clustered: answer.clustered, zoom });
      if (answer.upto) showNotice(t("已办结的太多，地图上只数了其中 {count} 件。缩小范围就能看全。", { count: count(answer.upto, lang) }));
    } catch (error) {
      showNotice(sentence(error));
    }
  }

  /** @param {PointsAnswer["features"]} features @param {Issues["held"]} held */
  hold(features, held) {
    this.held = held;
    this.index = null;
    this.clusters = [];
    if (held?.clustered) this.clusters = /** @type {ServerCluster[]} */ (features);
    else this.index = clustered(/** @type {Point[]} */ (features));
    page.countIn = (box) => (held && !held.clustered && (held.whole || within(box, held.box)) ? features.filter((one) => isIn(box, one)).length : null);
    this.draw();
  }

  moved() {
    const zoom = Math.floor(this.map.getZoom());
    const { held } = this;
    const stale = held && !held.whole && (!within(viewOf(this.map), held.box) || (held.clustered && zoom !== held.zoom));
    if (stale) this.load();
    this.draw();
  }

  /** Brings what stands on the map in line with what should. */
  draw() {
    /** @type {Map<string, Point | ServerCluster>} */
    const due = new Map();
    if (switches.shown("issues")) for (const feature of this.visible()) due.set(keyOf(feature), feature);
    const held = this.holder();
    for (const [key, { marker }] of this.standing) {
      if (due.has(key)) continue;
      this.layer.removeLayer(marker);
      this.standing.delete(key);
      this.members.delete(key);
    }
    for (const [key, feature] of due) this.stand(key, feature);
    inReadingOrder(this.map, [...this.standing.values()].map(({ marker }) => marker));
    if (held && document.activeElement === document.body) this.refocus(held);
    this.light();
    page.drawn();
  }

  /** The mark that has the focus, and the issues that it stands for as far as they are known. @returns {Held | null} */
  holder() {
    const found = [...this.standing].find(([, { marker }]) => marker.getElement() === document.activeElement);
    if (!found) return null;
    const [key, { marker }] = found;
    return { key, at: marker.getLatLng(), ids: isOfMany(key) ? (this.members.get(key) ?? []) : [key] };
  }

  /** Where the focus goes when the mark that had it is gone: to what stands for the same issues now, as their own mark
   * or as the cluster that holds them; of a cluster that was opened to what came out of it. @param {Held} held */
  refocus(held) {
    const next = this.opened ? this.nearest(this.opened, Infinity) : this.heir(held);
    this.opened = null;
    (next?.getElement() ?? this.map.getContainer()).focus({ preventScroll: true });
  }

  /** @param {Held} held @returns {L.Marker | undefined} */
  heir({ key, at, ids }) {
    const own = [key, ...ids].map((one) => this.standing.get(one)).find(Boolean);
    if (own) return own.marker;
    if (!this.index) return this.nearest(at, SAME);
    return [...this.standing].find(([one]) => isOfMany(one) && this.membersOf(one).some((id) => ids.includes(id)))?.[1].marker;
  }

  /** The mark nearest to a place, at most so many pixels from it. @param {L.LatLng} at @param {number} most */
  nearest(at, most) {
    const spot = this.map.latLngToLayerPoint(at);
    const away = (/** @type {L.Marker} */ marker) => this.map.latLngToLayerPoint(marker.getLatLng()).distanceTo(spot);
    const marks = [...this.standing.values()].map(({ marker }) => marker).filter((marker) => away(marker) <= most);
    return marks.sort((a, b) => away(a) - away(b))[0];
  }

  /** @returns {(Point | ServerCluster)[]} */
  visible() {
    if (!this.index) return this.clusters;
    const around = grown(viewOf(this.map), 0.2);
    return /** @type {any} */ (this.index.getClusters(around, Math.floor(this.map.getZoom())));
  }

  /** @param {string} key @param {Point | ServerCluster} feature */
  stand(key, feature) {
    const print = JSON.stringify(feature.properties);
    const before = this.standing.get(key);
    if (before?.print === print) return;
    if (before) this.layer.removeLayer(before.marker);
    this.members.delete(key);
    const marker = isCluster(feature) ? this.clusterOf(key, feature) : this.issueOf(feature);
    this.standing.set(key, { marker, print });
    this.layer.addLayer(marker);
  }

  /** @param {Point} feature */
  issueOf(feature) {
    const issue = feature.properties;
    return markerOf(feature, issueMark(issue, categoryName(issue.category)), {
      open: () => page.select({ kind: "issue", id: issue.id }),
      light: (on) => page.light(on ? [issue.id] : []),
    });
  }

  /** @param {string} key @param {ServerCluster} feature */
  clusterOf(key, feature) {
    const cluster = /** @type {ClusterProps & {cluster_id?: number}} */ (feature.properties);
    const marker = markerOf(feature, clusterMark(cluster, cluster.more ? `${cluster.count}+` : count(cluster.count, lang)), {
      open: (byKey) => this.open(marker.getLatLng(), cluster.cluster_id, byKey),
      light: (on) => page.light(on ? this.membersOf(key) : []),
    });
    return marker;
  }

  /** The issues in a cluster, where the page knows them. @param {string} key @returns {string[]} */
  membersOf(key) {
    const known = this.members.get(key);
    if (known) return known;
    const id = JSON.parse(this.standing.get(key)?.print ?? "{}").cluster_id;
    const found = id === undefined || !this.index ? [] : this.index.getLeaves(id, Infinity).map((leaf) => leaf.properties.id);
    this.members.set(key, found);
    return found;
  }

  /** Go nearer until it comes apart; what cannot come apart is listed in the panel.
   * @param {L.LatLng} at @param {number | undefined} id @param {boolean} byKey */
  open(at, id, byKey) {
    const [zoom, nearest] = [this.map.getZoom(), this.map.getMaxZoom()];
    const apart = id === undefined ? zoom + 2 : (this.index?.getClusterExpansionZoom(id) ?? nearest);
    const listed = id === undefined ? zoom >= nearest : apart > nearest;
    if (listed) return page.select({ kind: "spot", id: written(this.around(at, id)) });
    this.opened = byKey ? at : null;
    this.map.setView(at, Math.min(apart, nearest));
  }

  /** The box that holds a cluster. @param {L.LatLng} at @param {number | undefined} id @returns {Box} */
  around(at, id) {
    if (id !== undefined && this.index) return boxOf(this.index.getLeaves(id, Infinity).map((leaf) => leaf.geometry.coordinates));
    const middle = this.map.latLngToLayerPoint(at);
    const corners = [-SERVER_RADIUS, SERVER_RADIUS].map((far) => this.map.layerPointToLatLng(middle.add([far, far])));
    return boxOf(corners.map(({ lng, lat }) => [lng, lat]));
  }

  /** Light what the list points at, alone or in its cluster; the chosen one has its pin. */
  light() {
    const chosen = page.selection?.kind === "issue" ? page.selection.id : null;
    const around = this.aroundLit();
    for (const [key, { marker }] of this.standing) {
      const mark = marker.getElement()?.firstElementChild;
      const lit = page.lit.has(key) || key === around;
      mark?.classList.toggle("lit", lit);
      mark?.classList.toggle("chosen", key === chosen);
      marker.setZIndexOffset(lit ? 1000 : 0);
    }
  }

  /** The cluster that holds the lit issue: its members say so, or, where the server
   * made the clusters, that it is the nearest. @returns {string | null} */
  aroundLit() {
    const [id] = page.lit;
    if (page.lit.size !== 1 || this.standing.has(id)) return null;
    const clusters = [...this.standing].filter(([key]) => isOfMany(key));
    if (this.index) return clusters.find(([key]) => this.membersOf(key).includes(id))?.[0] ?? null;
    const at = page.litAt ? L.latLng(page.litAt.lat, page.litAt.lon) : null;
    if (!at) return null;
    const away = (/** @type {L.Marker} */ marker) => marker.getLatLng().distanceTo(at);
    return clusters.sort(([, a], [, b]) => away(a.marker) - away(b.marker))[0]?.[0] ?? null;
  }
}

/** @param {Box} box @param {{geometry: {coordinates: number[]}}} point */
function isIn([west, south, east, north], { geometry: { coordinates: [lon, lat] } }) {
  return lon >= west && lon <= east && lat >= south && lat <= north;
}

/** @param {L.Map} map @returns {Box} */
function viewOf(map) {
  const view = map.getBounds();
  return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
}
