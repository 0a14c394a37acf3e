/** What is made known to everybody, on the map: notices, and issues that were solved. */

import { ask } from "../api.js";
import { el, fill, icon } from "../dom.js";
import { moment } from "../format.js";
import { lang, said, t, timeZone } from "../i18n.js";
import { asIcon, bulletinMark } from "../marks.js";
import { page } from "../state.js";
import { switches } from "../switches.js";

const BRIEF = 3;
const LONGEST = 160;
const UNDER_ISSUES = -1000;

/**
 * @typedef {{id: string, url: string, kind: "notice" | "solved", title: string, text: string, area: {code: string, name: string}, since: string, until: string | null}} Bulletin
 * @typedef {{geometry: {coordinates: [number, number]} | null, properties: Bulletin}} Feature
 */

/** The map is ready without them. @param {L.Map} map @param {{url: string}} settings */
export default function start(map, { url }) {
  const layer = L.layerGroup();
  const turn = () => {
    switches.shown("bulletins") ? layer.addTo(map) : layer.remove();
    page.drawn();
  };
  switches.on("bulletins", turn);
  turn();
  show(layer, url);
}

/** @param {L.LayerGroup} layer @param {string} url */
async function show(layer, url) {
  const told = /** @type {{features: Feature[]} | null} */ (await ask(url, { params: { lang } }).catch(() => null));
  for (const { geometry, properties } of told?.features ?? []) if (geometry) mark(properties, geometry.coordinates).addTo(layer);
  page.drawn();
  brief((told?.features ?? []).map(({ properties }) => properties));
}

/** @param {Bulletin} bulletin */
function word({ kind }) {
  return kind === "solved" ? t("办结公示") : t("通知公告");
}

/** @param {Bulletin} bulletin @param {[number, number]} place */
function mark(bulletin, [lon, lat]) {
  const label = [word(bulletin), bulletin.title].join(t("："));
  return L.marker([lat, lon], { icon: asIcon(bulletinMark(bulletin.kind === "solved")), title: label, alt: label, zIndexOffset: UNDER_ISSUES }).bindPopup(() => card(bulletin), { maxWidth: 280, closeButton: true });
}

/** @param {Bulletin} bulletin */
function card(bulletin) {
  const short = bulletin.text.length > LONGEST ? `${bulletin.text.slice(0, LONGEST)}…` : bulletin.text;
  return el("div", { class: "bulletin-card" },
    el("p", { class: "hint" }, word(bulletin), " · ", said(bulletin.area.name), " · ", day(bulletin.since)),
    el("p", {}, el("b", {}, said(bulletin.title))),
    el("p", { class: "bulletin-words" }, said(short)),
    el("p", {}, el("a", { href: bulletin.url }, t("看全文"))));
}

/** The newest on the card of the public map. @param {Bulletin[]} bulletins */
function brief(bulletins) {
  const place = document.getElementById("bulletins-brief");
  if (!place || !bulletins.length) return;
  fill(place, ...bulletins.slice(0, BRIEF).map((one) => el("li", {}, el("a", { href: one.url }, icon(one.kind === "solved" ? "check" : "info"), el("span", {}, said(one.title))), el("small", {}, said(one.area.name)))));
  place.hidden = false;
}

/** @param {string} iso */
function day(iso) {
  return moment(iso, { lang, timeZone, now: new Date() });
}
