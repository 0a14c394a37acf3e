/** The page of one issue: where it lies, who has it, and what happened so far. */

import { ask, sentence } from "../api.js";
import { byId, el, fill, icon } from "../dom.js";
import { code, failed, isElsewhere, issueFacts, pairs } from "../facts.js";
import { rulingSection } from "../ground-ruling.js";
import { asIcon, issueMark } from "../marks.js";
import { t } from "../i18n.js";
import { palette } from "../palette.js";
import { progress } from "../progress.js";
import { ownCode } from "../reply.js";
import { page } from "../state.js";

const NEAR = 17;
const COARSE_M = 80;

/** @param {L.Map} map @param {{url: string, extent: Box}} settings */
export default async function start(map, { url, extent: [west, south, east, north] }) {
  map.fitBounds([[south, west], [north, east]], { animate: false });
  const place = byId("facts");
  const marks = L.layerGroup().addTo(map);
  const load = async () => {
    try {
      const id = byId("main").dataset.issue ?? "";
      show(map, marks, place, await ask(`${url}/${encodeURIComponent(id)}`), load);
    } catch (error) {
      fill(place, failed(sentence(error), () => location.reload()));
    }
  };
  page.addEventListener("moved", load);
  await load();
}

/** @param {L.Map} map @param {L.LayerGroup} marks @param {HTMLElement} place @param {IssueFacts} issue @param {() => Promise<void>} again */
function show(map, marks, place, issue, again) {
  marks.clearLayers();
  const ruling = rulingSection(map, marks, issue, again);
  const open = (/** @type {import("../state.js").Selection} */ { kind, id }) => location.assign(`/?${kind}=${encodeURIComponent(id)}`);
  const resident = Boolean(ownCode()) || !("signedIn" in document.documentElement.dataset) || isElsewhere(issue);
  byId("main").classList.toggle("resident", resident);
  fill(place, joinedSection(), resident ? progress(issue, open, again) : issueFacts(issue, open, ruling));
  const { lon, lat } = issue;
  byId("ground").hidden = lon === null && !ruling;
  if (lon === null || lat === null) return;
  const { mark, label } = issueMark(issue, issue.category_name);
  if (issue.coarse) L.circle([lat, lon], { radius: COARSE_M, color: palette().tier, weight: 2, dashArray: "4 4", interactive: false }).addTo(marks);
  L.marker([lat, lon], { icon: asIcon(mark), title: label, keyboard: false }).addTo(marks);
  map.setView([lat, lon], NEAR, { animate: false });
}

/** That one has joined what somebody else reported, and how to come back to it. */
function joinedSection() {
  if (!new URLSearchParams(location.search).has("joined")) return null;
  const own = ownCode();
  const url = own ? `${location.pathname}#${own}` : location.pathname;
  return el("section", { class: "card gone", role: "status" }, el("h2", {}, icon("check"), t("已附议")),
    el("p", {}, t("你写的话已转给办这件事的人，别人看不到。记下你的查询码或链接，随时可以看进展，不用登录。")),
    own && pairs([[t("查询码"), code(own)]]),
    el("p", { class: "track" }, el("a", { href: url }, new URL(url, location.href).href)));
}
