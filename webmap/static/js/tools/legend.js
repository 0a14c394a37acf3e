/** What the signs mean, in groups that fold; the layers are turned on and off in the same place. */

import { byId, el, fill, icon } from "../dom.js";
import { t } from "../i18n.js";
import { legendGroups } from "../legend.js";
import { onTurn } from "../palette.js";
import { isRoomy, isSheet, raise, settle } from "../sheet.js";
import { page } from "../state.js";
import { switches } from "../switches.js";
import { button } from "./controls.js";

const TALL = "(height >= 960px)";
const FINE_FROM = 14;

/** @typedef {import("../legend.js").Row} Row */

/** @param {L.Map} map */
export default function start(map) {
  const legend = new Legend(map);
  if (isRoomy()) legend.open();
}

class Legend {
  /** @param {L.Map} map */
  constructor(map) {
    this.map = map;
    this.corner = byId("top-right");
    this.opener = button("layers", t("图层和图例"), () => this.open(true));
    this.opener.setAttribute("aria-expanded", "false");
    this.box = el("section", { class: "legend", id: "legend", "aria-label": t("图层和图例"), hidden: true });
    this.box.addEventListener("keydown", (event) => event.key === "Escape" && this.close(true));
    /** @type {Set<string>} */
    this.folded = new Set(matchMedia(TALL).matches ? [] : ["borders", "buildings"]);
    this.corner.append(this.opener, this.box);
    map.on("zoomend", () => this.tell());
    onTurn(() => this.write());
    page.on("select", () => this.isInSheet() && this.close());
    addEventListener("resize", () => this.house());
  }

  /** @param {boolean} [asked] whether a reader asked for it, who then is led there */
  open(asked = false) {
    this.box.hidden = false;
    this.opener.hidden = true;
    this.opener.setAttribute("aria-expanded", "true");
    this.house();
    this.write();
    if (this.isInSheet()) raise();
    if (asked) this.box.querySelector("button")?.focus();
    page.drawn();
  }

  /** @param {boolean} [asked] */
  close(asked = false) {
    if (this.box.hidden) return;
    this.box.hidden = true;
    this.opener.hidden = false;
    this.opener.setAttribute("aria-expanded", "false");
    this.house();
    if (this.isInSheet()) settle("half");
    if (asked) this.opener.focus();
    page.drawn();
  }

  isInSheet() {
    return this.box.parentElement?.id === "panel" && !this.box.hidden;
  }

  /** On a phone it is a page of the sheet, elsewhere it lies on the map. */
  house() {
    const home = isSheet() ? byId("panel") : this.corner;
    if (this.box.parentElement !== home) home.append(this.box);
    this.box.classList.toggle("panel-view", isSheet());
  }

  tell() {
    this.box.classList.toggle("afar", Math.round(this.map.getZoom()) < FINE_FROM);
  }

  write() {
    const shut = el("button", { type: "button", class: "button quiet", "aria-label": t("收起图例"), onclick: () => this.close(true) }, icon("close"));
    const groups = legendGroups().map(({ name, title, rows }) => this.group(name, title, rows.map(row)));
    fill(this.box, el("div", { class: "legend-head" }, el("h2", {}, t("图层和图例")), shut), ...groups);
    this.tell();
  }

  /** @param {string} name @param {string} title @param {HTMLElement[]} rows */
  group(name, title, rows) {
    const toggled = (/** @type {Event} */ event) => {
      if (/** @type {HTMLDetailsElement} */ (event.target).open) this.folded.delete(name);
      else this.folded.add(name);
      page.drawn();
    };
    return el("details", { class: "legend-group", open: !this.folded.has(name), ontoggle: toggled },
      el("summary", {}, el("span", {}, title), icon("down")), ...rows);
  }
}

/** A sign with its meaning; where it stands for a layer, also the switch of it. @param {Row} what */
function row({ layer, text, sign, fine, glyph }) {
  const told = el("span", {}, text, fine && el("small", { class: "legend-afar" }, t("放大后可见")));
  if (!layer) return el("div", { class: glyph ? "legend-row glyph" : "legend-row sole" }, sign, told);
  const box = el("input", {
    type: "checkbox",
    checked: switches.shown(layer),
    onchange: (/** @type {Event} */ event) => switches.turn(layer, /** @type {HTMLInputElement} */ (event.target).checked),
  });
  return el("label", { class: "legend-row" }, sign, told, box);
}
