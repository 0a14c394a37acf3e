/** Choosing an area step by step: a street, one of its communities, one of its grids. */

import { ask, sentence } from "./api.js";
import { byId, el, fill } from "./dom.js";
import { t } from "./i18n.js";
import { areaOf } from "./narrowing.js";
import { showNotice } from "./notice.js";
import { page } from "./state.js";
import { bringBoxIntoView } from "./tools/view.js";

const NEAR = 17.5;

/** @typedef {Named & {communities: Named[]}} Street */

export class AreaChoice {
  /** @param {L.Map} map @param {{areas: string, grids: string}} urls */
  constructor(map, urls) {
    this.map = map;
    this.urls = urls;
    this.street = byId("area-street", HTMLSelectElement);
    this.community = byId("area-community", HTMLSelectElement);
    this.grid = byId("area-grid", HTMLSelectElement);
    /** @type {Promise<Street[]> | null} */
    this.asked = null;
    /** @type {Street[]} */
    this.streets = [];
    /** @type {CommunityFacts | null} */
    this.held = null;
    this.street.addEventListener("change", () => this.choose("street", this.street.value, ""));
    this.community.addEventListener("change", () => this.choose("community", this.community.value, `street-${this.street.value}`));
    this.grid.addEventListener("change", () => this.choose("grid", this.grid.value, `community-${this.community.value}`));
  }

  /** @param {string} kind @param {string} code @param {string} above what is meant where none is chosen */
  choose(kind, code, above) {
    const area = code ? `${kind}-${code}` : above;
    page.narrow({ area });
    if (area) this.bring(area);
  }

  /** Show the ground of an area. @param {string} area */
  async bring(area) {
    const chosen = areaOf(area);
    if (!chosen) return;
    const path = { street: this.urls.areas, community: this.urls.grids, grid: "/api/grids" }[chosen.kind];
    try {
      const { bbox } = await ask(`${path}/${encodeURIComponent(chosen.code)}`);
      if (bbox && page.filter.area === area) bringBoxIntoView(this.map, bbox, NEAR);
    } catch (error) {
      showNotice(sentence(error));
    }
  }

  /** The three fields as the filter has them. */
  async show() {
    const area = areaOf(page.filter.area);
    try {
      await this.load(area);
    } catch (error) {
      showNotice(sentence(error));
    }
    if (area?.code === areaOf(page.filter.area)?.code) this.offer(area);
  }

  /** @param {ReturnType<typeof areaOf>} area */
  offer(area) {
    const [street, community] = this.above(area);
    const grids = community && this.held ? this.held.grids : [];
    offer(this.street, t("全部街道"), this.streets, street?.code);
    offer(this.community, t("全部社区"), street ? street.communities : [], community?.code);
    offer(this.grid, t("全部网格"), grids, area?.kind === "grid" ? area.code : "");
  }

  /** @param {ReturnType<typeof areaOf>} area */
  async load(area) {
    this.asked ??= ask(this.urls.areas).then(({ streets }) => streets);
    try {
      this.streets = await this.asked;
    } catch (error) {
      this.asked = null;
      throw error;
    }
    const code = await this.communityOf(area);
    if (code && this.held?.code !== code) this.held = await ask(`${this.urls.grids}/${encodeURIComponent(code)}`);
  }

  /** The code of the community that an area is or lies in. @param {ReturnType<typeof areaOf>} area */
  async communityOf(area) {
    if (area?.kind !== "grid") return area?.kind === "community" ? area.code : "";
    const code = area.code;
    if (this.held?.grids.some((grid) => grid.code === code)) return this.held.code;
    const { community } = await ask(`/api/grids/${encodeURIComponent(code)}`);
    return community.code;
  }

  /** The street and the community of an area. @param {ReturnType<typeof areaOf>} area @returns {[Street?, Named?]} */
  above(area) {
    if (!area) return [];
    if (area.kind === "street") return [this.streets.find(({ code }) => code === area.code)];
    const code = area.kind === "community" ? area.code : this.held?.code;
    const street = this.streets.find(({ communities }) => communities.some((one) => one.code === code));
    return [street, street?.communities.find((one) => one.code === code)];
  }

  /** What the chosen area is called. */
  name() {
    const area = areaOf(page.filter.area);
    if (!area) return "";
    const [street, community] = this.above(area);
    const grid = this.held?.grids.find(({ code }) => code === area.code);
    return { street, community, grid }[area.kind]?.name ?? area.code;
  }
}

/** @param {HTMLSelectElement} field @param {string} all @param {Named[]} areas @param {string} [chosen] */
function offer(field, all, areas, chosen = "") {
  fill(field, el("option", { value: "" }, all), ...areas.map(({ code, name }) => el("option", { value: code, lang: "zh-CN" }, name)));
  field.value = chosen;
  const holder = /** @type {HTMLElement} */ (field.closest("label"));
  holder.hidden = !areas.length;
}
