/** Settling whose ground an issue lies on: a tap on the map, the reason, and it is remembered. */

import { ask } from "./api.js";
import { byId, el, fill, icon } from "./dom.js";
import { written } from "./geometry.js";
import { said, t, woven } from "./i18n.js";
import { needle } from "./marks.js";
import { freshKey } from "./outbox.js";
import { palette } from "./palette.js";
import { isAboutGround, waitsForRuling } from "./returned.js";
import { tellRefused } from "./stale.js";

const AROUND = 1e-5;
const NEAR = 17;

/** @typedef {{seen: boolean, grid_code: string | null, grid_name: string | null, community_name: string | null}} Came */

/**
 * The part of an issue's page for whoever may settle it; nothing for anybody else.
 * @param {L.Map} map @param {L.LayerGroup} marks what stands on the map of the issue as it was @param {IssueFacts} issue @param {() => Promise<void>} again
 */
export function rulingSection(map, marks, issue, again) {
  const wanted = (waitsForRuling(issue) && isAboutGround(issue)) || new URLSearchParams(location.search).has("settle");
  if (!wanted || !issue.steps?.includes("settle_ground")) return null;
  const where = el("p", { class: "hint", role: "status" }, issue.address ? t("在地图上点出它真正的位置；这个地址以后都按这里归属。") : t("在地图上点出它真正的位置；没有写地址，只定这一件。"));
  const note = el("textarea", { rows: 2, maxlength: 1000, required: true });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const key = freshKey();
  const pin = L.marker([0, 0], { icon: needle(), title: t("真正的位置") });
  /** @type {{lon: number, lat: number} | null} */
  let spot = null;
  /** @type {PlaceFacts | null} */
  let there = null;
  map.off("click");
  map.on("click", async ({ latlng: { lng, lat } }) => {
    const here = (spot = { lon: lng, lat });
    there = null;
    pin.setLatLng([lat, lng]).addTo(map);
    const facts = /** @type {PlaceFacts | null} */ (await ask("/api/at", { params: here }).catch(() => null));
    if (spot !== here) return;
    there = facts;
    fill(where, ...lies(facts, issue));
  });
  const settle = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    problem.textContent = lacking(spot, there, note.value.trim());
    problem.hidden = !problem.textContent;
    if (!problem.hidden) return;
    try {
      const came = /** @type {Came} */ (await ask(`/api/issues/${encodeURIComponent(issue.id)}/ground`, { body: { ...spot, note: note.value.trim(), key } }));
      map.off("click");
      history.replaceState(history.state, "", location.pathname);
      if (came.seen) await stayed(pin, came, again, issue);
      else went(map, marks, pin, came, issue);
    } catch (error) {
      tellRefused(problem, error, again);
    }
  };
  return el("section", { class: "ruling" }, el("h2", {}, t("定属地")), el("form", { class: "step-form", onsubmit: settle },
    where, el("label", { class: "field" }, el("span", {}, t("理由")), note), problem,
    el("div", { class: "done-row" }, el("button", { type: "submit", class: "button strong" }, t("就归这里")))));
}

/** What is missing before it can be settled; empty where nothing is. @param {unknown} spot @param {PlaceFacts | null} there @param {string} note */
function lacking(spot, there, note) {
  if (!spot) return t("请先在地图上点出地方。");
  if (there && !there.grid) return t("这里没有网格。请点在网格里。");
  return note ? "" : t("请写明理由。");
}

/** Whether a place lies outside the community that has the issue. @param {PlaceFacts | null} there @param {IssueFacts} issue */
function leaves(there, issue) {
  return Boolean(there?.community && issue.community && there.community.code !== issue.community.code);
}

/** Whose the tapped place is, with a warning before it goes to another community. @param {PlaceFacts | null} there @param {IssueFacts} issue */
function lies(there, issue) {
  const name = there?.grid?.name ?? there?.community?.name;
  if (!name) return [t("这里没有网格。请点在网格里。")];
  if (!leaves(there, issue)) return woven(t("这里归{name}"), { name: said(name) });
  return [el("b", {}, ...woven(t("这里归{name}，不在{community}：定了就转给那边办，不再由本社区办。"), { name: said(name), community: said(issue.community?.name) }))];
}

/** It is theirs still: its facts anew, below what was decided. @param {L.Marker} pin @param {Came} came @param {() => Promise<void>} again @param {IssueFacts} issue */
async function stayed(pin, came, again, { address }) {
  await again();
  pin.remove();
  tell(el("section", { class: "card gone", role: "status" }, title(came), address && el("p", {}, t("这个地址以后都按这里归属。"))), false);
}

/** It went to another ground: said in place of the facts, and shown where, until one goes on. @param {L.Map} map @param {L.LayerGroup} marks @param {L.Marker} pin @param {Came} came @param {IssueFacts} issue */
function went(map, marks, pin, came, { address }) {
  marks.clearLayers();
  pin.bindTooltip(el("span", {}, ...settled(came)), { permanent: true, direction: "bottom" }).openTooltip();
  map.setView(pin.getLatLng(), Math.max(NEAR, map.getZoom()), { animate: false });
  light(marks, pin.getLatLng(), came.grid_code);
  tell(el("section", { class: "card gone", role: "status" }, title(came),
    el("p", {}, address ? t("已转过去，不再由你们办；这个地址以后都按这里归属。") : t("已转过去，不再由你们办。")),
    el("p", { class: "done-row" }, el("a", { class: "button strong", href: "/desk" }, t("回到诉求清单")), el("a", { class: "button", href: "/" }, t("回到地图")))), true);
}

/** Outline the grid that has it now; the sentence stands without. @param {L.LayerGroup} marks @param {L.LatLng} spot @param {string | null} code */
async function light(marks, { lat, lng }, code) {
  const bbox = written([lng - AROUND, lat - AROUND, lng + AROUND, lat + AROUND]);
  const told = await ask("/api/layers/grids", { params: { bbox, figures: "false" } }).catch(() => null);
  const own = told?.features.filter((/** @type {any} */ { properties }) => properties.code === code) ?? [];
  const { accent } = palette();
  L.geoJSON(own, { interactive: false, style: () => ({ color: accent, weight: 3, fillColor: accent, fillOpacity: 0.1 }) }).addTo(marks);
}

/** @param {Came} came */
function settled({ grid_name: grid, community_name: community }) {
  return woven(t("已定归{name}"), { name: said(grid ?? community ?? "") });
}

/** @param {Came} came */
function title(came) {
  return el("h2", { tabindex: -1 }, icon("check"), ...settled(came));
}

/** @param {HTMLElement} card @param {boolean} alone whether it stands in place of the facts */
function tell(card, alone) {
  if (alone) fill(byId("facts"), card);
  else byId("facts").prepend(card);
  card.querySelector("h2")?.focus();
}
