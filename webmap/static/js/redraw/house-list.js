/** The list from which buildings are chosen by their address. */

import { el } from "../dom.js";
import { said, t } from "../i18n.js";
import { homes } from "./parts.js";

const MOST_LISTED = 60;

/** @param {SceneHouse[]} houses @param {{words: string, chosen: Set<string>, listing: boolean}} state
 * @param {{toggle: (house: SceneHouse) => void, find: (words: string) => void}} deeds */
export function houseList(houses, state, { toggle, find }) {
  const { words, chosen } = state;
  const found = houses.filter(({ name, address }) => `${name ?? ""}${address}`.includes(words));
  const shown = found.sort((a, b) => Number(chosen.has(b.code)) - Number(chosen.has(a.code))).slice(0, MOST_LISTED);
  const rows = shown.map((house) => {
    const box = el("input", { type: "checkbox", onchange: () => toggle(house), "data-house": house.code });
    box.checked = chosen.has(house.code);
    return el("li", {}, el("label", { class: "tick" }, box, el("span", {}, said(house.name || house.address)), el("small", {}, homes(house.households))));
  });
  const field = el("input", { type: "search", id: "house-words", "aria-label": t("按地址找楼栋"), placeholder: t("按地址找楼栋"), oninput: (/** @type {any} */ { target }) => find(target.value) });
  field.value = words;
  return el("details", { class: "by-list", open: words !== "" || state.listing }, el("summary", { onclick: () => void (state.listing = !state.listing) }, t("从名单里选")), field, el("ul", { class: "houses" }, ...rows));
}
