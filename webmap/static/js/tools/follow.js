/** The page of one issue: where it lies, who has it, and what happened so far. */

import { ask, sentence } from "../api.js";
import { byId, fill } from "../dom.js";
import { failed, issueFacts } from "../facts.js";
import { asIcon, issueMark } from "../marks.js";

const NEAR = 17;

/** @param {L.Map} map @param {{url: string, extent: Box}} settings */
export default async function start(map, { url, extent: [west, south, east, north] }) {
  map.fitBounds([[south, west], [north, east]], { animate: false });
  const place = byId("facts");
  try {
    const id = byId("main").dataset.issue ?? "";
    show(map, place, await ask(`${url}/${encodeURIComponent(id)}`));
  } catch (error) {
    fill(place, failed(sentence(error), () => location.reload()));
  }
}

/** @param {L.Map} map @param {HTMLElement} place @param {IssueFacts} issue */
function show(map, place, issue) {
  fill(place, issueFacts(issue, ({ kind, id }) => location.assign(`/?${kind}=${encodeURIComponent(id)}`)));
  const { lon, lat } = issue;
  byId("ground").hidden = lon === null;
  if (lon === null || lat === null) return;
  const { mark, label } = issueMark(issue, issue.category_name);
  L.marker([lat, lon], { icon: asIcon(mark), title: label, keyboard: false }).addTo(map);
  map.setView([lat, lon], NEAR, { animate: false });
}
