/** Reporting for somebody who has told it in the street: four taps, with or without a network. */

import { ask, sentence } from "./api.js";
import { byId, fill } from "./dom.js";
import { said, t, woven } from "./i18n.js";
import { needle } from "./marks.js";
import { showNotice } from "./notice.js";
import { freshKey, outbox } from "./outbox.js";
import { page } from "./state.js";

const KEPT = "wangge.behalf";

/** @typedef {{text: string, kind: string, spot: {lon: number, lat: number} | null}} Begun what was not sent yet */

/** @param {L.Map} map @param {string} url tells what stands at a place @param {() => void} sent */
export function startBehalf(map, url, sent) {
  const form = byId("behalf-form", HTMLFormElement);
  const text = byId("behalf-text", HTMLTextAreaElement);
  const where = byId("behalf-where");
  const problem = byId("behalf-problem");
  const pin = L.marker([0, 0], { icon: needle(), draggable: true, title: t("出问题的地方") });
  /** @type {{lon: number, lat: number} | null} */
  let spot = null;
  const note = () => keep({ text: text.value, kind: chosenKind(form)?.value ?? "", spot });
  const put = async (/** @type {{lon: number, lat: number}} */ at) => {
    spot = at;
    note();
    pin.setLatLng([at.lat, at.lon]).addTo(map);
    fill(where, t("地图上选的点"));
    const facts = /** @type {PlaceFacts | null} */ (await ask(url, { params: at }).catch(() => null));
    if (!facts || spot !== at) return;
    const name = facts.building?.name || facts.building?.address || facts.grid?.name;
    if (name) fill(where, ...woven(t("选定：{place}"), { place: said(name) }));
  };
  const show = (/** @type {boolean} */ open) => {
    form.hidden = !open;
    byId("behalf").hidden = open;
    if (open) form.scrollIntoView({ block: "nearest" });
    else clear();
  };
  const clear = () => {
    form.reset();
    spot = null;
    pin.remove();
    problem.hidden = true;
    fill(where, t("在地图上点一下出问题的地方"));
    keep(null);
  };
  /** What was begun before a reload. @param {Begun | null} begun */
  const takeUp = (begun) => {
    if (!begun) return;
    const wanted = form.querySelector(`[name=kind][value="${CSS.escape(begun.kind)}"]`);
    if (wanted instanceof HTMLInputElement) wanted.checked = true;
    text.value = begun.text;
    form.hidden = false;
    byId("behalf").hidden = true;
    if (begun.spot) put(begun.spot);
  };
  map.on("click", ({ latlng: { lng, lat } }) => !form.hidden && put({ lon: lng, lat }));
  pin.on("dragend", () => put({ lon: pin.getLatLng().lng, lat: pin.getLatLng().lat }));
  page.addEventListener("arrive", (event) => !form.hidden && put(/** @type {CustomEvent} */ (event).detail));
  byId("behalf").addEventListener("click", () => show(true));
  byId("behalf-cancel").addEventListener("click", () => show(false));
  form.addEventListener("input", note);
  takeUp(kept());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const lack = await submitted(form, text.value.trim(), spot);
    problem.hidden = !lack;
    problem.textContent = lack;
    if (lack) return;
    show(false);
    sent();
  });
}

/** What is wrong with what was begun, in words; empty where it is on its way.
 * @param {HTMLFormElement} form @param {string} words @param {{lon: number, lat: number} | null} spot */
async function submitted(form, words, spot) {
  const chosen = chosenKind(form);
  if (!spot) return t("请先在地图上点出地方。");
  if (!chosen) return t("请选一个类别。");
  try {
    showNotice(told(await posted(chosen, words, spot)));
    return "";
  } catch (error) {
    return sentence(error);
  }
}

/** @param {HTMLInputElement} chosen the category @param {string} words @param {{lon: number, lat: number}} spot */
function posted(chosen, words, { lon, lat }) {
  const kind = chosen.parentElement?.textContent?.trim() || chosen.value;
  const body = { category: chosen.value, text: words || kind, lon, lat, on_behalf: true };
  return outbox.send({ key: freshKey(), url: "/api/issues", body, photos: [], about: "", label: kind });
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

/** @param {Begun | null} begun */
function keep(begun) {
  try {
    if (begun) localStorage.setItem(KEPT, JSON.stringify(begun));
    else localStorage.removeItem(KEPT);
  } catch {
    return; // private windows may keep nothing
  }
}

/** @returns {Begun | null} */
function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}
