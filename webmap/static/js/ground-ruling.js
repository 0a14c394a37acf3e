/** Settling whose ground an issue lies on: a tap on the map, the reason, and it is remembered. */

import { ask, sentence } from "./api.js";
import { el, fill } from "./dom.js";
import { said, t, woven } from "./i18n.js";
import { needle } from "./marks.js";
import { freshKey } from "./outbox.js";

/**
 * The part of an issue's page for whoever may settle it; nothing for anybody else.
 * @param {L.Map} map @param {IssueFacts} issue @param {() => void} again
 */
export function rulingSection(map, issue, again) {
  const wanted = issue.status === "returned" || new URLSearchParams(location.search).has("settle");
  if (!wanted || !issue.steps?.includes("settle_ground")) return null;
  const where = el("p", { class: "hint", role: "status" }, t("在地图上点出它真正的位置；这个地址以后都按这里归属。"));
  const note = el("textarea", { rows: 2, maxlength: 1000, required: true });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const key = freshKey();
  const pin = L.marker([0, 0], { icon: needle(), title: t("真正的位置") });
  /** @type {{lon: number, lat: number} | null} */
  let spot = null;
  map.off("click");
  map.on("click", async ({ latlng: { lng, lat } }) => {
    const here = (spot = { lon: lng, lat });
    pin.setLatLng([lat, lng]).addTo(map);
    const facts = /** @type {PlaceFacts | null} */ (await ask("/api/at", { params: here }).catch(() => null));
    if (spot === here && facts?.grid) fill(where, ...woven(t("这里归{name}"), { name: said(facts.grid.name) }));
  });
  const settle = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    problem.hidden = Boolean(spot && note.value.trim());
    problem.textContent = spot ? t("请写明理由。") : t("请先在地图上点出地方。");
    if (!spot || !note.value.trim()) return;
    try {
      await ask(`/api/issues/${encodeURIComponent(issue.id)}/ground`, { body: { ...spot, note: note.value.trim(), key } });
      pin.remove();
      again();
    } catch (error) {
      problem.textContent = sentence(error);
      problem.hidden = false;
    }
  };
  return el("section", {}, el("h2", {}, t("定属地")), el("form", { class: "step-form", onsubmit: settle },
    where, el("label", { class: "field" }, el("span", {}, t("理由")), note), problem,
    el("div", { class: "done-row" }, el("button", { type: "submit", class: "button" }, t("就归这里")))));
}
