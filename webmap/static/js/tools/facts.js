/** Shows in the panel what was chosen on the map or in the list. */

import { newest, sentence } from "../api.js";
import { communityFacts, streetFacts } from "../areas.js";
import { byId, el, fill, icon, svg } from "../dom.js";
import { failed, gridFacts, issueFacts, placeFacts, positionOf, waiting } from "../facts.js";
import { count } from "../format.js";
import { crown, padded, written } from "../geometry.js";
import { lang, t } from "../i18n.js";
import { chosenPin, needle } from "../marks.js";
import { onTurn, palette } from "../palette.js";
import { coverage, raise } from "../sheet.js";
import { page, wanted } from "../state.js";
import { litRow } from "./list.js";
import { bringBoxIntoView, bringIntoView, centre } from "./view.js";

const NEAR = 16;
const NEAR_GRID = 17.5;
const PINNED = 2000;
const EDGE = 1e-7;
const MOST = 200;
const LIFT = 3;
/** Pixels from the middle of a cluster that its number takes. */
const NUMBER = 12;

/** @typedef {Record<"place" | "issue" | "grid" | "community" | "street", string>} Urls */

/** @param {L.Map} map @param {Urls} urls */
export default function start(map, urls) {
  const panel = new Facts(map, urls);
  page.on("select", () => panel.show());
  page.on("drawn", () => panel.lift());
  page.addEventListener("sheet", () => panel.uncover());
  document.addEventListener("keydown", (event) => panel.key(event));
  map.on("click", ({ latlng }) => {
    const { lat, lng } = latlng.wrap();
    page.select({ kind: "place", id: positionOf({ lon: lng, lat }) });
  });
  if (page.selection) panel.show(false);
}

class Facts {
  /** @param {L.Map} map @param {Urls} urls */
  constructor(map, urls) {
    this.map = map;
    this.urls = urls;
    this.ask = newest();
    this.view = byId("facts-view");
    this.list = byId("list-view");
    this.pin = L.marker([0, 0], { interactive: false, keyboard: false, zIndexOffset: PINNED });
    this.outline = L.geoJSON(undefined, { interactive: false, style: outlined }).addTo(map);
    onTurn(() => this.outline.setStyle(outlined));
    /** What was pressed to come here, so that the focus can go back to it.
     * @type {Element | null} */
    this.opener = null;
    /** The mark that it was, by its key. */
    this.mark = "";
    this.opened = "";
  }

  /** @param {boolean} [led] whether a reader chose it just now, who then is led there */
  async show(led = true) {
    const chosen = page.selection;
    this.pin.remove();
    this.outline.clearLayers();
    this.remember();
    const inside = this.view.contains(document.activeElement);
    this.view.hidden = !chosen;
    this.list.hidden = Boolean(chosen);
    if (!chosen) return inside ? this.giveBack() : undefined;
    this.opened = chosen.id;
    this.put(waiting());
    raise();
    if (led) this.view.focus({ preventScroll: true });
    try {
      await this[chosen.kind](chosen.id);
      if (document.activeElement === this.view) this.view.querySelector("h2")?.focus({ preventScroll: true });
    } catch (error) {
      this.put(failed(sentence(error), () => this.show()));
    }
  }

  /** Keep what the focus was on when the facts took the place of the list. */
  remember() {
    if (!this.view.hidden) return;
    this.opener = document.activeElement;
    this.mark = this.opener?.getAttribute("data-mark") ?? "";
  }

  /** The focus goes back to what led here; to its mark or row, where those were written anew. */
  giveBack() {
    const kept = this.opener?.isConnected && this.opener !== document.body ? this.opener : null;
    const row = document.querySelector(`#issues [data-issue="${CSS.escape(this.opened)}"] button`);
    const mark = this.mark ? document.querySelector(`[data-mark="${CSS.escape(this.mark)}"]`) : null;
    const next = kept ?? mark ?? row ?? byId("issues");
    if (next instanceof HTMLElement) next.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const at = event.target instanceof Element ? event.target : document.body;
    const ours = at === document.body || at.closest("#facts-view, .map");
    if (event.key === "Escape" && page.selection && ours) page.leave();
  }

  /** Bring what is chosen out from under the sheet, if that is where it is. */
  uncover() {
    const covered = coverage();
    if (!page.selection || !covered || !this.map.hasLayer(this.pin)) return;
    const [{ x, y }, size] = [this.map.latLngToContainerPoint(this.pin.getLatLng()), this.map.getSize()];
    const hidden = x > 0 && x < size.x && y < size.y && y > size.y - covered;
    if (hidden) centre(this.map, this.pin.getLatLng().lat, this.pin.getLatLng().lng, this.map.getZoom());
  }

  /** @param {L.DivIcon} icon @param {number} lat @param {number} lon */
  pinAt(icon, lat, lon) {
    this.pin.setIcon(icon).setLatLng([lat, lon]).addTo(this.map);
    page.drawn();
  }

  /** Let the pin stand on a cluster that holds it, not over the number, on a stalk down to its place. */
  lift() {
    const drop = /** @type {SVGElement | null | undefined} */ (this.pin.getElement()?.querySelector(".pinned svg"));
    if (!drop) return;
    drop.style.transform = "";
    drop.querySelector("line")?.remove();
    const own = drop.getBoundingClientRect();
    const tops = [...document.querySelectorAll(".leaflet-marker-pane .cluster svg")].flatMap((one) => {
      const { left, top, width, height } = one.getBoundingClientRect();
      const [x, y] = [left + width / 2, top + height / 2];
      return x > own.left - NUMBER && x < own.right + NUMBER && y > own.top - NUMBER && y < own.bottom + NUMBER ? [top] : [];
    });
    if (!tops.length) return;
    const up = own.bottom - Math.min(...tops);
    drop.style.transform = `translateY(${-up}px)`;
    drop.style.overflow = "visible";
    drop.prepend(svg("line", { class: "flag-pole", y2: up }));
  }

  /** @param {string} id */
  async issue(id) {
    const issue = /** @type {IssueFacts | undefined} */ (await this.ask(`${this.urls.issue}/${encodeURIComponent(id)}`));
    if (!issue) return;
    this.put(issueFacts(issue, (selection) => page.select(selection)));
    if (issue.lon === null || issue.lat === null) return;
    this.pinAt(chosenPin(issue), issue.lat, issue.lon);
    bringIntoView(this.map, issue.lat, issue.lon, NEAR);
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
    this.pinAt(needle(), lat, lon);
    const facts = /** @type {PlaceFacts | undefined} */ (await this.ask(this.urls.place, { params: { lon, lat } }));
    if (!facts) return;
    this.put(placeFacts(facts, (selection) => page.select(selection)));
    if (facts.building) this.outlineOf(facts.building);
    bringIntoView(this.map, lat, lon);
  }

  /** Draw a building strongly, and set the pin on its upper edge, so that its number can be read.
   * @param {BuildingFacts} building */
  outlineOf({ outline }) {
    this.outline.addData(outline);
    const [lon, lat] = crown(outline);
    this.pinAt(needle(LIFT), lat, lon);
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
    this.put(el("div", {}, el("h2", { class: "spot-title", tabindex: -1 }, t("这一处有 {count} 件诉求", { count: number })), el("ol", { class: "issues" }, ...rows)));
    bringIntoView(this.map, (box[1] + box[3]) / 2, (box[0] + box[2]) / 2, NEAR);
  }

  /** @param {HTMLElement} facts */
  put(facts) {
    const back = el("button", { type: "button", class: "button quiet", onclick: () => page.leave() }, icon("back"), t("返回"));
    fill(this.view, el("div", { class: "facts-head" }, back), facts);
    this.view.scrollTop = 0;
  }
}

/** @returns {L.PathOptions} */
function outlined() {
  const { accent } = palette();
  return { color: accent, weight: 3, opacity: 1, fill: true, fillColor: accent, fillOpacity: 0.1 };
}
