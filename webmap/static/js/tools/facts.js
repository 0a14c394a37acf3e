/** Shows in the panel what was chosen on the map or in the list. */

import { newest, sentence } from "../api.js";
import { communityFacts, streetFacts } from "../areas.js";
import { byId, el, fill, icon } from "../dom.js";
import { failed, gridFacts, issueFacts, placeFacts, positionOf, waiting } from "../facts.js";
import { count } from "../format.js";
import { padded, written } from "../geometry.js";
import { lang, t } from "../i18n.js";
import { needle } from "../marks.js";
import { raise } from "../sheet.js";
import { page, wanted } from "../state.js";
import { standsAlone } from "./issues.js";
import { litRow } from "./list.js";
import { bringBoxIntoView, bringIntoView } from "./view.js";

const NEAR = 16;
const NEAR_GRID = 17.5;
const EDGE = 1e-7;
const MOST = 200;

/** @typedef {Record<"place" | "issue" | "grid" | "community" | "street", string>} Urls */

/** @param {L.Map} map @param {Urls} urls */
export default function start(map, urls) {
  const panel = new Facts(map, urls);
  page.on("select", () => panel.show());
  page.on("drawn", () => panel.point());
  map.on("click", ({ latlng }) => {
    const { lat, lng } = latlng.wrap();
    page.select({ kind: "place", id: positionOf({ lon: lng, lat }) });
  });
  if (page.selection) panel.show();
}

class Facts {
  /** @param {L.Map} map @param {Urls} urls */
  constructor(map, urls) {
    this.map = map;
    this.urls = urls;
    this.ask = newest();
    this.view = byId("facts-view");
    this.list = byId("list-view");
    this.view.addEventListener("keydown", ({ key }) => key === "Escape" && page.leave());
    this.pin = L.marker([0, 0], { icon: needle(), interactive: false, keyboard: false });
  }

  async show() {
    const chosen = page.selection;
    this.pin.remove().setLatLng([0, 0]);
    this.view.hidden = !chosen;
    this.list.hidden = Boolean(chosen);
    if (!chosen) return;
    this.put(waiting());
    raise();
    this.view.focus({ preventScroll: true });
    try {
      await this[chosen.kind](chosen.id);
    } catch (error) {
      this.put(failed(sentence(error), () => this.show()));
    }
  }

  /** @param {string} id */
  async issue(id) {
    const issue = /** @type {IssueFacts | undefined} */ (await this.ask(`${this.urls.issue}/${encodeURIComponent(id)}`));
    if (!issue) return;
    this.put(issueFacts(issue, (selection) => page.select(selection)));
    if (issue.lon === null || issue.lat === null) return;
    this.pin.setLatLng([issue.lat, issue.lon]);
    this.point();
    bringIntoView(this.map, issue.lat, issue.lon, standsAlone(id) ? 0 : NEAR);
  }

  /** A pin for the chosen issue as long as it hides in a cluster. */
  point() {
    const chosen = page.selection;
    if (chosen?.kind !== "issue" || this.pin.getLatLng().lat === 0) return;
    if (standsAlone(chosen.id)) this.pin.remove();
    else this.pin.addTo(this.map);
  }

  /** @param {string} code */
  async grid(code) {
    const grid = /** @type {GridFacts | undefined} */ (await this.ask(`${this.urls.grid}/${encodeURIComponent(code)}`));
    if (!grid) return;
    this.put(gridFacts(grid));
    if (grid.bbox) bringBoxIntoView(this.map, grid.bbox, NEAR_GRID);
  }

  /** @param {string} code */
  async community(code) {
    const community = /** @type {CommunityFacts | undefined} */ (await this.ask(`${this.urls.community}/${encodeURIComponent(code)}`));
    if (!community) return;
    this.put(communityFacts(community, (selection) => page.select(selection)));
    if (community.bbox) bringBoxIntoView(this.map, community.bbox, NEAR_GRID);
  }

  /** @param {string} code */
  async street(code) {
    const street = /** @type {StreetFacts | undefined} */ (await this.ask(`${this.urls.street}/${encodeURIComponent(code)}`));
    if (!street) return;
    this.put(streetFacts(street, (selection) => page.select(selection)));
    if (street.bbox) bringBoxIntoView(this.map, street.bbox, NEAR_GRID);
  }

  /** @param {string} id lon,lat */
  async place(id) {
    const [lon, lat] = id.split(",").map(Number);
    if (!Number.isFinite(lon) || !Number.isFinite(lat)) return page.select(null);
    this.pin.setLatLng([lat, lon]).addTo(this.map);
    const facts = /** @type {PlaceFacts | undefined} */ (await this.ask(this.urls.place, { params: { lon, lat } }));
    if (!facts) return;
    this.put(placeFacts(facts, (selection) => page.select(selection)));
    bringIntoView(this.map, lat, lon);
  }

  /** The issues at one spot, which no zoom takes apart. @param {string} id west,south,east,north */
  async spot(id) {
    const box = id.split(",").map(Number);
    if (box.length !== 4 || !box.every(Number.isFinite)) return page.select(null);
    const params = { ...wanted(), bbox: written(padded(/** @type {Box} */ (box), EDGE)), limit: MOST };
    const answer = /** @type {IssuePage | undefined} */ (await this.ask(this.urls.issue, { params }));
    if (!answer) return;
    const rows = answer.items.map((issue) => litRow(issue));
    const number = count(rows.length, lang) + (answer.next ? "+" : "");
    this.put(el("div", {}, el("h2", { class: "spot-title" }, t("这一处有 {count} 件诉求", { count: number })), el("ol", { class: "issues" }, ...rows)));
    bringIntoView(this.map, (box[1] + box[3]) / 2, (box[0] + box[2]) / 2, NEAR);
  }

  /** @param {HTMLElement} facts */
  put(facts) {
    const back = el("button", { type: "button", class: "button quiet", onclick: () => page.leave() }, icon("back"), t("返回"));
    fill(this.view, el("div", { class: "facts-head" }, back), facts);
    this.view.scrollTop = 0;
  }
}
