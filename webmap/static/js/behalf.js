/** Reporting for somebody who has told it in the street: four taps, with or without a network. */

import { ask, sentence } from "./api.js";
import { byId, fill } from "./dom.js";
import { said, t, woven } from "./i18n.js";
import { needle } from "./marks.js";
import { showNotice } from "./notice.js";
import { freshKey, outbox } from "./outbox.js";
import { page } from "./state.js";

const KEPT = "wangge.behalf";

/** @param {L.Map} map @param {string} url tells what stands at a place @param {() => void} sent */
export function startBehalf(map, url, sent) {
  const form = byId("behalf-form", HTMLFormElement);
  const text = byId("behalf-text", HTMLTextAreaElement);
  const where = byId("behalf-where");
  const problem = byId("behalf-problem");
  const pin = L.marker([0, 0], { icon: needle(), draggable: true, title: t("出问题的地方") });
  /** @type {{lon: number, lat: number} | null} */
  let spot = null;
  const put = async (/** @type {{lon: number, lat: number}} */ at) => {
    spot = at;
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
    keep("");
  };
  map.on("click", ({ latlng: { lng, lat } }) => !form.hidden && put({ lon: lng, lat }));
  pin.on("dragend", () => put({ lon: pin.getLatLng().lng, lat: pin.getLatLng().lat }));
  page.addEventListener("arrive", (event) => !form.hidden && put(/** @type {CustomEvent} */ (event).detail));
  byId("behalf").addEventListener("click", () => show(true));
  byId("behalf-cancel").addEventListener("click", () => show(false));
  text.addEventListener("input", () => keep(text.value));
  text.value = kept();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector("[name=kind]:checked"));
    problem.hidden = Boolean(spot && chosen);
    if (!spot) return void (problem.textContent = t("请先在地图上点出地方。"));
    if (!chosen) return void (problem.textContent = t("请选一个类别。"));
    try {
      showNotice(told(await posted(chosen, text.value.trim(), spot)));
      show(false);
      sent();
    } catch (error) {
      problem.textContent = sentence(error);
      problem.hidden = false;
    }
  });
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

/** @param {string} words */
function keep(words) {
  try {
    if (words) localStorage.setItem(KEPT, words);
    else localStorage.removeItem(KEPT);
  } catch {
    return; // private windows may keep nothing
  }
}

function kept() {
  try {
    return localStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}
