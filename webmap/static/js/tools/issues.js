/** Issues on the map: in clusters from afar, one by one from near. */

import { newest, sentence } from "../api.js";
import { count } from "../format.js";
import { boxOf, grown, within, written } from "../geometry.js";
import { lang } from "../i18n.js";
import { asIcon, clusterMark, issueMark } from "../marks.js";
import { showNotice } from "../notice.js";
import { page, wanted } from "../state.js";
import { switches } from "../switches.js";
import { categoryName } from "./list.js";

const ROOM = 0.5;
const NEAREST = 19;
const SERVER_RADIUS = 24;
const RADIUS = 56;

/** @param {L.Map} map @param {{url: string, extent: Box}} settings */
export default function start(map, settings) {
  const issues = new Issues(map, settings);
  map.on("moveend", () => issues.moved());
  page.on("filter", () => issues.load(true));
  page.on("data", () => issues.load(true));
  page.on("light", () => issues.light());
  page.on("select", () => issues.light());
  switches.on("issues", () => issues.draw());
  issues.load(true);
}

/** The issues that stand on the map by themselves, outside of any cluster.
 * @type {Set<string>} */
const alone = new Set();

/** @param {string} id */
export function standsAlone(id) {
  return alone.has(id);
}

class Issues {
  /** @param {L.Map} map @param {{url: string, extent: Box}} settings */
  constructor(map, { url, extent }) {
    this.map = map;
    this.url = url;
    this.extent = extent;
    this.ask = newest();
    this.layer = L.layerGroup().addTo(map);
    /** @type {Map<string, {marker: L.Marker, print: string}>} */
    this.standing = new Map();
    /** @type {{box: Box, clustered: boolean, zoom: number} | null} */
    this.held = null;
    /** @type {ServerCluster[]} */
    this.clusters = [];
    /** @type {import("supercluster")<PointProps, ClusterProps> | null} */
    this.index = null;
  }

  /**
   * @param {boolean} whole ask for the whole district first, which often is few enough
   * @returns {Promise<void>}
   */
  async load(whole) {
    if (page.filter.state === "unplaced") return this.hold([], null);
    const box = whole ? this.extent : grown(viewOf(this.map), ROOM);
    const zoom = Math.floor(this.map.getZoom());
    try {
      const params = { bbox: written(box), zoom, ...wanted() };
      const answer = /** @type {PointsAnswer | undefined} */ (await this.ask(this.url, { params }));
      if (!answer) return;
      if (answer.clustered && whole) return await this.load(false);
      this.hold(answer.features, { box, clustered: answer.clustered, zoom });
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
    this.draw();
  }

  moved() {
    const zoom = Math.floor(this.map.getZoom());
    const stale = this.held && (!within(viewOf(this.map), this.held.box) || (this.held.clustered && zoom !== this.held.zoom));
    const everything = this.held && !this.held.clustered && this.held.box === this.extent;
    if (stale && !everything) this.load(false);
    this.draw();
  }

  /** Brings what stands on the map in line with what should. */
  draw() {
    /** @type {Map<string, Point | ServerCluster>} */
    const due = new Map();
    if (switches.shown("issues")) for (const feature of this.visible()) due.set(keyOf(feature), feature);
    for (const [key, { marker }] of this.standing) {
      if (due.has(key)) continue;
      this.layer.removeLayer(marker);
      this.standing.delete(key);
      alone.delete(key);
    }
    for (const [key, feature] of due) this.stand(key, feature);
    this.light();
    page.drawn();
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
    const marker = "count" in feature.properties ? this.clusterOf(feature) : this.issueOf(feature);
    this.standing.set(key, { marker, print });
    if (!("count" in feature.properties)) alone.add(key);
    this.layer.addLayer(marker);
  }

  /** @param {Point | ServerCluster} feature */
  issueOf(feature) {
    const issue = /** @type {PointProps} */ (feature.properties);
    const { mark, label } = issueMark(issue, categoryName(issue.category));
    const marker = markerAt(feature, mark, label);
    acts(marker, () => page.select({ kind: "issue", id: issue.id }));
    marker.on("mouseover", () => page.light(issue.id));
    marker.on("mouseout", () => page.light(null));
    return marker;
  }

  /** @param {Point | ServerCluster} feature */
  clusterOf(feature) {
    const cluster = /** @type {ClusterProps & {cluster_id?: number}} */ (feature.properties);
    const { mark, label } = clusterMark(cluster, count(cluster.count, lang));
    const marker = markerAt(feature, mark, label);
    acts(marker, () => this.open(marker.getLatLng(), cluster.cluster_id));
    return marker;
  }

  /** Go nearer until it comes apart; what cannot come apart is listed in the panel.
   * @param {L.LatLng} at @param {number | undefined} id */
  open(at, id) {
    const [zoom, nearest] = [this.map.getZoom(), this.map.getMaxZoom()];
    const apart = id === undefined ? zoom + 2 : (this.index?.getClusterExpansionZoom(id) ?? nearest);
    const listed = id === undefined ? zoom >= nearest : apart > nearest;
    if (listed) return page.select({ kind: "spot", id: written(this.around(at, id)) });
    this.map.setView(at, Math.min(apart, nearest));
  }

  /** The box that holds a cluster. @param {L.LatLng} at @param {number | undefined} id @returns {Box} */
  around(at, id) {
    if (id !== undefined && this.index) return boxOf(this.index.getLeaves(id, Infinity).map((leaf) => leaf.geometry.coordinates));
    const middle = this.map.latLngToLayerPoint(at);
    const corners = [-SERVER_RADIUS, SERVER_RADIUS].map((far) => this.map.layerPointToLatLng(middle.add([far, far])));
    return boxOf(corners.map(({ lng, lat }) => [lng, lat]));
  }

  light() {
    const chosen = page.selection?.kind === "issue" ? page.selection.id : null;
    for (const [key, { marker }] of this.standing) {
      const mark = marker.getElement()?.firstElementChild;
      mark?.classList.toggle("lit", key === page.lit);
      mark?.classList.toggle("chosen", key === chosen);
      marker.setZIndexOffset(key === chosen ? 1000 : key === page.lit ? 500 : 0);
    }
  }
}

/** @param {Point[]} points */
function clustered(points) {
  const index = new Supercluster(
    /** @type {any} */ ({
      radius: RADIUS,
      maxZoom: NEAREST,
      map: (/** @type {PointProps} */ { overdue }) => ({ count: 1, overdue: overdue ? 1 : 0 }),
      reduce: (/** @type {ClusterProps} */ sum, /** @type {ClusterProps} */ one) => {
        sum.count += one.count;
        sum.overdue += one.overdue;
      },
    }),
  );
  return /** @type {any} */ (index.load(points));
}

/** @param {Point | ServerCluster} feature */
function keyOf({ properties, geometry }) {
  return "count" in properties ? `cluster ${geometry.coordinates.join(" ")}` : properties.id;
}

/** @param {Point | ServerCluster} feature @param {HTMLElement} mark @param {string} label */
function markerAt(feature, mark, label) {
  const [lon, lat] = feature.geometry.coordinates;
  const marker = L.marker([lat, lon], { icon: asIcon(mark), title: label, alt: label, riseOnHover: true });
  marker.on("add", () => {
    marker.getElement()?.setAttribute("aria-label", label);
    marker.getElement()?.setAttribute("role", "button");
  });
  return marker;
}

/** A marker that acts by click as by key. @param {L.Marker} marker @param {() => void} act */
function acts(marker, act) {
  marker.on("click", act);
  marker.on("keydown", (/** @type {L.LeafletKeyboardEvent} */ { originalEvent }) => {
    if (originalEvent.key !== "Enter" && originalEvent.key !== " ") return;
    originalEvent.preventDefault();
    act();
  });
}

/** @param {L.Map} map @returns {Box} */
function viewOf(map) {
  const view = map.getBounds();
  return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
}
