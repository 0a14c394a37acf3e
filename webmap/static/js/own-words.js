/** What was answered, written and done, for whoever has reported or joined: asked for with the code behind the #. */

import { ask } from "./api.js";
import { el } from "./dom.js";
import { pairs } from "./facts.js";
import { moment } from "./format.js";
import { lang, said, t, timeZone } from "./i18n.js";
import { answered } from "./questions.js";
import { ownCode } from "./reply.js";
import * as words from "./words.js";

/** @typedef {{answers: Record<string, string>, words: {at: string, kind: string, note: string}[], joined: boolean}} Own */

/**
 * Put them in a place that stays empty where there are none; whether the code is that of somebody who has only joined.
 * @param {IssueFacts} issue @param {HTMLElement} place @returns {Promise<boolean>}
 */
export async function showOwnWords({ id, category }, place) {
  const code = ownCode();
  if (!code) return false;
  try {
    const own = /** @type {Own} */ (await ask(`/api/issues/${encodeURIComponent(id)}/own`, { body: { code } }));
    const [answers, notes] = [answered(category, own.answers), own.words.map(told)];
    if (notes.length) place.append(el("h2", {}, own.joined ? t("你附议时写的") : t("办理说明")), ...notes);
    if (answers.length) place.append(el("h2", {}, t("诉求答卷")), pairs(answers));
    return own.joined;
  } catch {
    return false; // everything else on the page stands without them
  }
}

const OWN = new Set(["confirm", "reopen", "joined"]);

/** @param {Own["words"][number]} word */
function told({ at, kind, note }) {
  const who = OWN.has(kind) ? t("你说的") : words.event(kind, null);
  return el("div", { class: "own-word" },
    el("p", { class: "hint" }, who, " · ", moment(at, { lang, timeZone, now: new Date() })), el("p", { class: "said" }, said(note)));
}
