/** The photos of one's own report, asked for with the code that stands behind the # of the link. */

import { ask, read, unreachable } from "./api.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";
import { ownCode } from "./reply.js";

/** @typedef {{id: string, kind: "report" | "after", width: number, height: number}} Own */

/** Put them in a place that stays empty where there are none. @param {string} id of the issue @param {HTMLElement} place */
export async function showOwnPhotos(id, place) {
  const code = ownCode();
  if (!code) return;
  const url = `/api/issues/${encodeURIComponent(id)}/photos`;
  try {
    const { items } = /** @type {{items: Own[]}} */ (await ask(url, { body: { code } }));
    if (!items.length) return;
    const figures = await Promise.all(items.map((one) => figure(url, one, code)));
    place.replaceChildren(el("h2", {}, t("照片")), el("div", { class: "photos" }, ...figures));
  } catch {
    return; // everything else on the page stands without them
  }
}

/** @param {string} url @param {Own} photo @param {string} code */
async function figure(url, { id, kind, width, height }, code) {
  const label = kind === "report" ? t("反映时的照片") : t("办理后");
  const picture = el("img", { src: await fetched(`${url}/${encodeURIComponent(id)}`, code), alt: label, width, height });
  return el("figure", {}, picture, el("figcaption", { class: "hint" }, label));
}

/** The address of a picture in this page. @param {string} url @param {string} code */
async function fetched(url, code) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify({ code }) }).catch(() => {
    throw unreachable();
  });
  return answer.ok ? URL.createObjectURL(await answer.blob()) : read(answer);
}
