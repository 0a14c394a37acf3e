/** Choosing photos: with the camera or from the phone, shown small, taken back again. */

import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";

const MOST = 5;
const TYPES = "image/jpeg,image/png,image/webp";

/**
 * A field for photos of one kind; `chosen` gives them. `changed` is told of each new file.
 * @param {string} kind @param {string} label @param {(file: File) => void} [changed]
 */
export function photoField(kind, label, changed = () => {}) {
  /** @type {File[]} */
  let files = [];
  const shown = el("span", { class: "photos" });
  const input = el("input", { type: "file", accept: TYPES, multiple: true, "aria-label": label });
  input.addEventListener("change", () => {
    const added = [...(input.files ?? [])].slice(0, MOST - files.length);
    files = [...files, ...added];
    input.value = "";
    draw();
    added.forEach(changed);
  });
  const draw = () => fill(shown, ...files.map((file, i) => {
    const url = URL.createObjectURL(file);
    const picture = el("img", { src: url, alt: t("照片 {number}", { number: i + 1 }), onload: () => URL.revokeObjectURL(url) });
    const away = () => {
      files = files.filter((one) => one !== file);
      draw();
    };
    return el("button", { type: "button", class: "link", "aria-label": t("去掉照片 {number}", { number: i + 1 }), onclick: away }, picture);
  }));
  const element = el("div", { class: "photo-field" },
    el("label", { class: "button" }, icon("plus"), label, input), shown);
  const chosen = () => files.map((blob) => ({ kind, blob }));
  return { element, chosen, clear: () => ((files = []), draw()) };
}
