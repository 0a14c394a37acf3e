/** Importing a table of tickets: choose, send, watch, correct. */

import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { Intake } from "./intake.js";
import { jobCard, spoken, stateWord, tally } from "./job.js";

/** @type {import("./intake.js").Ways<ImportJob>} */
const ways = {
  page: "/imports",
  api: "/api/imports",
  sending: t("开始导入"),
  form: (form) => {
    for (const name of ["channel", "datum"]) form.set(name, byId(name, HTMLSelectElement).value);
  },
  show: jobCard,
  told: tally,
  spoken,
  badge: ({ state }) => ({ word: stateWord(state), mood: state === "failed" ? "alarm" : state === "done" ? "good" : "" }),
  over: ({ state }) => state === "done" || state === "failed",
};

new Intake(ways);
