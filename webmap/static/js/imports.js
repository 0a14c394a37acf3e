/** Importing a table of tickets: choose, send, watch, correct. */

import { ask, sentence } from "./api.js";
import { byId, el, fill, icon } from "./dom.js";
import { moment, size } from "./format.js";
import { lang, said, t, timeZone } from "./i18n.js";
import { jobCard, spoken, stateWord, tally } from "./job.js";
import { upload } from "./upload.js";

const POLL_MS = 1000;
const SLOW_MS = 4000;

const main = byId("main");
const file = byId("file", HTMLInputElement);
const send = byId("send", HTMLButtonElement);
const problem = byId("problem");
const drop = byId("drop");
let watched = "";

/** @param {string} text */
function complain(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

function chosen() {
  const one = file.files?.[0];
  byId("file-name").textContent = one ? `${one.name} · ${size(one.size)}` : t("选一个文件，或拖到这里");
  drop.classList.toggle("full", Boolean(one));
  send.disabled = !one;
  complain("");
}

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  const one = file.files?.[0];
  if (!one) return;
  const form = new FormData();
  form.set("file", one);
  for (const name of ["channel", "datum"]) form.set(name, byId(name, HTMLSelectElement).value);
  send.disabled = true;
  complain("");
  try {
    const { id, new: fresh } = await upload("/api/imports", form, (share) => {
      send.textContent = t("正在上传 {percent}%", { percent: Math.round(share * 100) });
    });
    opened(String(id), !fresh);
  } catch (error) {
    complain(sentence(error));
  }
  send.textContent = t("开始导入");
  send.disabled = !file.files?.length;
}

/** Read aloud only what is new. @param {string} text */
function say(text) {
  const place = byId("job-said");
  if (place.textContent !== text) place.textContent = text;
}

/** Another job comes to the front. @param {string} id @param {boolean} [again] whether its file came again */
function opened(id, again) {
  history.pushState(null, "", `/imports/${encodeURIComponent(id)}`);
  file.value = "";
  chosen();
  watch(id, again);
}

/** Follow a job until it has ended. @param {string} id @param {boolean} [again] whether its file came again */
async function watch(id, again = false) {
  watched = id;
  const card = byId("job");
  fill(card);
  card.hidden = false;
  for (let pause = POLL_MS; watched === id; ) {
    try {
      const job = /** @type {ImportJob} */ (await ask(`/api/imports/${encodeURIComponent(id)}`));
      if (watched !== id) return;
      jobCard(card, job, again);
      say(spoken(job));
      if (job.state === "done" || job.state === "failed") return void earlier();
      pause = POLL_MS;
    } catch (error) {
      complain(sentence(error));
      pause = SLOW_MS;
    }
    await new Promise((rested) => setTimeout(rested, pause));
  }
}

/** The jobs of before. */
async function earlier() {
  const place = byId("jobs");
  try {
    const { items: jobs } = /** @type {{items: ImportJob[]}} */ (await ask("/api/imports"));
    const none = el("li", { class: "empty" }, t("还没有导入过。导入的文件和结果会列在这里。"));
    fill(place, ...(jobs.length ? jobs.map(row) : [none]));
  } catch (error) {
    fill(place, el("li", { class: "empty" }, sentence(error)));
  }
}

/** @param {ImportJob} job */
function row(job) {
  const told = tally(job);
  const when = job.created_at ? moment(job.created_at, { lang, timeZone, now: new Date() }) : "";
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    opened(String(job.id));
    byId("job").scrollIntoView({ block: "nearest" });
  };
  return el("li", {}, el("a", { class: "job-row", href: `/imports/${job.id}`, onclick: go },
    icon("file"),
    el("span", { class: "job-name" }, el("b", {}, said(job.file_name)), el("small", {}, [when, told].filter(Boolean).join(" · "))),
    el("span", { class: `badge ${job.state === "failed" ? "alarm" : job.state === "done" ? "good" : ""}` }, stateWord(job.state))));
}

/** A file that was let fall on the field. @param {DragEvent} event */
function dropped(event) {
  event.preventDefault();
  drop.classList.remove("over");
  if (!event.dataTransfer?.files.length) return;
  file.files = event.dataTransfer.files;
  chosen();
}

/** The job that the address names. */
function addressed() {
  const [, id] = /^\/imports\/([^/]+)/.exec(location.pathname) ?? [];
  if (id) return void watch(decodeURIComponent(id));
  watched = "";
  byId("job").hidden = true;
}

byId("upload").addEventListener("submit", (event) => submit(/** @type {SubmitEvent} */ (event)));
file.addEventListener("change", chosen);
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", dropped);
addEventListener("popstate", addressed);
addressed();
earlier();
main.dataset.ready = "";
