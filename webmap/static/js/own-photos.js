/** The photos of one's own report, asked for with the code that stands behind the # of the link. */

import { ask, read, unreachable } from "./api.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";
import { ownCode } from "./reply.js";

/** @typedef {{id: string, kind: "report" | "after", width: number, height: number}} Own */

/** Each photo with what it shows, by its number; none without a code, and all else on the page stands without them. @param {string} id of the issue @returns {Promise<Map<string, {kind: string, figure: HTMLElement}>>} */
export async function ownPhotos(id) {
  const code = ownCode();
  if (!code) return new Map();
  const url = `/api/issues/${encodeURIComponent(id)}/photos`;
  try {
    const { items } = /** @type {{items: Own[]}} */ (await ask(url, { body: { code } }));
    const shown = await Promise.all(items.map(async (one) => /** @type {const} */ ([one.id, { kind: one.kind, figure: await figure(url, one, code) }])));
    return new Map(shown);
  } catch {
    return new Map();
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
