/** Reporting for somebody who has told it in the street: four taps, with or without a network. */

import { sentence } from "./api.js";
import { keepBegun, readBegun } from "./behalf-draft.js";
import { BehalfSpot } from "./behalf-spot.js";
import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { showNotice } from "./notice.js";
import { freshKey, outbox } from "./outbox.js";
import { page } from "./state.js";

/** @typedef {import("./behalf-draft.js").Spot} Spot */

/** @param {L.Map} map @param {string} url tells what stands at a place @param {() => void} sent */
export function startBehalf(map, url, sent) {
  const form = byId("behalf-form", HTMLFormElement);
  const text = byId("behalf-text", HTMLTextAreaElement);
  const problem = byId("behalf-problem");
  const send = byId("behalf-send", HTMLButtonElement);
  let key = freshKey();
  const note = () => keepBegun({ key, text: text.value, kind: chosenKind(form)?.value ?? "", spot: spot.current });
  const spot = new BehalfSpot(map, url, byId("behalf-where"), note);
  const show = (/** @type {boolean} */ open) => {
    form.hidden = !open;
    byId("behalf").hidden = open;
    byId("main").classList.toggle("pinning", open);
    if (open) form.scrollIntoView({ block: "start" });
    else clear();
  };
  const clear = () => {
    form.reset();
    key = freshKey();
    spot.clear();
    problem.hidden = true;
    keepBegun(null);
  };
  /** What was begun before a reload. @param {import("./behalf-draft.js").Begun | null} begun */
  const takeUp = (begun) => {
    if (!begun) return;
    const wanted = form.querySelector(`[name=kind][value="${CSS.escape(begun.kind)}"]`);
    if (wanted instanceof HTMLInputElement) wanted.checked = true;
    text.value = begun.text;
    key = begun.key || key;
    form.hidden = false;
    byId("behalf").hidden = true;
    byId("main").classList.add("pinning");
    if (begun.spot) spot.put(begun.spot);
  };
  map.on("click", ({ latlng: { lng, lat } }) => !form.hidden && spot.put({ lon: lng, lat }));
  page.addEventListener("arrive", (event) => !form.hidden && spot.put(/** @type {CustomEvent} */ (event).detail));
  byId("behalf").addEventListener("click", () => show(true));
  byId("behalf-cancel").addEventListener("click", () => show(false));
  form.addEventListener("input", note);
  takeUp(readBegun());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    await spot.looking;
    const lack = await submitted(form, key, text.value.trim(), spot.current);
    send.disabled = false;
    problem.hidden = !lack;
    problem.textContent = lack;
    if (lack) return;
    show(false);
    sent();
  });
}

/** What is wrong with what was begun, in words; empty where it is on its way.
 * @param {HTMLFormElement} form @param {string} key @param {string} words @param {Spot | null} spot */
async function submitted(form, key, words, spot) {
  const chosen = chosenKind(form);
  if (!spot) return t("请先在地图上点出地方。");
  if (!chosen) return t("请选一个类别。");
  try {
    showNotice(told(await posted(chosen, key, words, spot)));
    return "";
  } catch (error) {
    return sentence(error);
  }
}

/** @param {HTMLInputElement} chosen the category @param {string} key @param {string} words @param {Spot} spot */
function posted(chosen, key, words, { lon, lat, building }) {
  const kind = chosen.parentElement?.textContent?.trim() || chosen.value;
  const where = building ? { building_id: building.id, ...(building.address && { address: building.address }) } : { lon, lat };
  const body = { category: chosen.value, text: words || kind, ...where, on_behalf: true };
  return outbox.send({ key, url: "/api/issues", body, photos: [], about: "", label: kind });
}

/** @param {IssueFacts | null} answer */
function told(answer) {
  if (!answer) return t("没有网络，已存在本机，恢复后自动送出。");
  return t("已上报到{name}", { name: answer.grid?.name ?? answer.community?.name ?? "" });
}

/** @param {HTMLFormElement} form @returns {HTMLInputElement | null} */
function chosenKind(form) {
  return form.querySelector("[name=kind]:checked");
}
