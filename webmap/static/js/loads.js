/** Loading a layer or a list: choose, check, answer, look at the report, apply. */

import { byId } from "./dom.js";
import { count } from "./format.js";
import { lang, t } from "./i18n.js";
import { Intake } from "./intake.js";
import { badge, kindWord, loadCard } from "./load.js";

const TEXTS = ["crs", "layer", "only", "district", "district_name"];

/** @param {FormData} form */
function fields(form) {
  form.set("kind", byId("kind", HTMLSelectElement).value);
  for (const name of TEXTS) {
    const { value } = byId(name, HTMLInputElement);
    if (value.trim()) form.set(name, value.trim());
  }
  const mapping = byId("mapping", HTMLInputElement).files?.[0];
  if (mapping) form.set("mapping", mapping);
  if (byId("repair", HTMLInputElement).checked) form.set("repair", "true");
}

/** What came of a load in one line. @param {LoadJob} job */
function told(job) {
  const over = job.state === "done" || job.state === "checked";
  const [added, changed, refused] = [job.added, job.changed, job.refused].map((number) => count(number, lang));
  const tally = over ? t("新增 {added} · 改动 {changed} · 退回 {refused}", { added, changed, refused }) : "";
  return [kindWord(job.kind), tally].filter(Boolean).join(" · ");
}

/** @type {import("./intake.js").Ways<LoadJob>} */
const ways = {
  page: "/loads",
  api: "/api/loads",
  sending: t("开始检查"),
  form: fields,
  show: (card, job, again) => loadCard(card, job, again, (id) => void page.watch(id)),
  told,
  spoken: (job) => [badge(job.state).word, job.error?.title ?? told(job)].filter(Boolean).join(t("：")),
  badge: ({ state }) => badge(state),
  over: ({ state }) => state !== "waiting" && state !== "running",
};

const page = new Intake(ways);
