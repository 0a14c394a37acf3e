/** Importing a table of tickets: choose, send, watch, correct. */

import { byId } from "./dom.js";
import { count } from "./format.js";
import { lang, t } from "./i18n.js";
import { Intake } from "./intake.js";
import { jobCard, stateWord } from "./job.js";

/** @type {import("./intake.js").Ways<ImportJob>} */
const ways = {
  page: "/imports",
  api: "/api/imports",
  sending: t("开始导入"),
  form: (form) => {
    for (const name of ["channel", "datum"]) form.set(name, byId(name, HTMLSelectElement).value);
  },
  show: jobCard,
  told: (job) => t("新增 {added} · 已有 {known} · 有错 {refused}", {
    added: count(job.added, lang), known: count(job.known, lang), refused: count(job.refused, lang),
  }),
  badge: ({ state }) => ({ word: stateWord(state), mood: state === "failed" ? "alarm" : state === "done" ? "good" : "" }),
  over: ({ state }) => state === "done" || state === "failed",
};

new Intake(ways);
