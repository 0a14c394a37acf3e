/** The buildings that could be handed over, as a list: the chosen first, then the nearest. */

import { el } from "../dom.js";
import { lang, said, t } from "../i18n.js";
import { homes } from "./parts.js";
import { common } from "./reckoning.js";
import { flatness } from "./snapping.js";
import { numberOf } from "./standing.js";

const MOST = 60;

/** @typedef {[number, number]} Place */

/** @param {SceneHouse[]} houses that can go @param {{chosen: Set<string>, near: Place, look: {words: string, open: boolean}, at: Map<number, string | null>}} given
 *   `near` is where the taker lies, `at` the grid of each house, `look` is what of the list is seen
 * @param {(house: SceneHouse) => void} toggle @param {() => void} again shows the list anew @returns {HTMLElement} */
export function houseList(houses, { chosen, near, look, at }, toggle, again) {
  const { words } = look;
  const lead = common(houses.map(({ address }) => address));
  const found = houses.filter(({ name, address }) => `${name ?? ""}${address}`.includes(words));
  const away = (/** @type {SceneHouse} */ { door }) => Math.hypot((door[0] - near[0]) * flatness(near), door[1] - near[1]);
  const rank = (/** @type {SceneHouse} */ house) => (chosen.has(house.code) ? 0 : 1);
  const shown = found.sort((a, b) => rank(a) - rank(b) || away(a) - away(b)).slice(0, MOST);
  const rows = shown.map((house) => {
    const box = el("input", { type: "checkbox", onchange: () => toggle(house), "data-house": house.code });
    box.checked = chosen.has(house.code);
    const place = house.name || house.address.slice(lead.length) || house.address;
    return el("li", {}, el("label", { class: "tick" }, box, el("span", {}, said(place)),
      el("small", {}, t("{number} 网格", { number: numberOf(at.get(house.id) ?? "") }), lang === "zh" ? "，" : ", ", homes(house.households))));
  });
  const rest = found.length - shown.length;
  const field = el("input", { type: "search", id: "house-words", "aria-label": t("按地址找楼栋"), placeholder: t("按地址找楼栋"), oninput: () => {
    look.words = field.value.trim();
    again();
    refocus(field.value.length);
  } });
  field.value = words;
  return el("details", { class: "by-list", open: words !== "" || look.open }, el("summary", { onclick: () => void (look.open = !look.open) }, t("从名单里选")), field,
    el("p", { class: "redraw-lead list-told" }, rest > 0 ? t("近的在前，还有 {count} 栋没有列出，请按地址找。", { count: rest }) : t("近的在前，共 {count} 栋。", { count: found.length })),
    el("ul", { class: "houses" }, ...rows));
}

/** The search field was written anew: the caret goes back into it. @param {number} at */
function refocus(at) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("house-words"));
  field?.focus();
  field?.setSelectionRange(at, at);
}
