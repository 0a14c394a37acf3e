/** Choosing photos: with the camera or from the phone, shown small, taken back again. */

import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";
import { showNotice } from "./notice.js";

const MOST = 5;
const TYPES = "image/jpeg,image/png,image/webp";

/** @typedef {import("./outbox.js").Enclosed} Enclosed */

/**
 * A field for photos of one kind; `chosen` gives them. `added` is told of each new one, `changed`
 * of all that are there after a change.
 * @param {string} kind @param {string} label
 * @param {(photo: Enclosed) => void} [added] @param {(photos: Enclosed[]) => void} [changed]
 */
export function photoField(kind, label, added = () => {}, changed = () => {}) {
  /** @type {Enclosed[]} */
  let photos = [];
  const shown = el("span", { class: "photos" });
  const input = el("input", { type: "file", accept: TYPES, multiple: true, "aria-label": label });
  input.addEventListener("change", () => {
    const fresh = [...(input.files ?? [])].slice(0, MOST - photos.length).map((blob) => ({ kind, blob }));
    if (photos.length + (input.files?.length ?? 0) > MOST) showNotice(t("最多 {count} 张照片，多的没有加上。", { count: MOST }));
    photos = [...photos, ...fresh];
    input.value = "";
    draw();
    fresh.forEach(added);
  });
  const drop = (/** @type {Enclosed} */ photo) => {
    photos = photos.filter((one) => one !== photo);
    draw();
  };
  const show = () => fill(shown, ...photos.map((photo, i) => thumbnail(photo, i + 1, () => drop(photo))));
  const draw = () => {
    show();
    changed(photos);
  };
  const element = el("div", { class: "photo-field" },
    el("label", { class: "button" }, icon("plus"), label, input), shown);
  const clear = () => {
    photos = [];
    draw();
  };
  /** Show again what was chosen before, without asking anything of it. @param {Enclosed[]} kept */
  const restore = (kept) => {
    photos = [...kept, ...photos].slice(0, MOST);
    show();
  };
  return { element, chosen: () => photos, drop, clear, restore };
}

/** @param {Enclosed} photo @param {number} number @param {() => void} away */
function thumbnail({ blob }, number, away) {
  const url = URL.createObjectURL(blob);
  const picture = el("img", { src: url, alt: t("照片 {number}", { number }), onload: () => URL.revokeObjectURL(url) });
  return el("button", { type: "button", class: "thumbnail", "aria-label": t("去掉照片 {number}", { number }), onclick: away }, picture, icon("close"));
}
