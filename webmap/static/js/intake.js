/** Bringing in a file: choose, send, watch, and look at earlier ones; for tickets and for layers. */

import { ask, sentence } from "./api.js";
import { byId, el, fill, icon } from "./dom.js";
import { moment, size } from "./format.js";
import { lang, said, t, timeZone } from "./i18n.js";
import { upload } from "./upload.js";

const POLL_MS = 1000;
const SLOW_MS = 4000;

/** @typedef {{id: number, file_name: string, state: string, created_at: string}} Job */

/**
 * What is particular to one kind of file. `form` adds the fields beside the file, `show` draws a
 * job, `told` says in a few words what came of it, `spoken` what to read aloud of it, `badge` is its state in a word and mood, `over`
 * whether it waits for nobody but people.
 * @template {Job} J
 * @typedef {{
 *   page: string, api: string, sending: string,
 *   form: (form: FormData) => void,
 *   show: (card: HTMLElement, job: J, again: boolean) => void,
 *   told: (job: J) => string,
 *   spoken: (job: J) => string,
 *   badge: (job: J) => {word: string, mood: string},
 *   over: (job: J) => boolean,
 * }} Ways
 */

/** Read aloud only what is new. @param {string} text */
function say(text) {
  const place = byId("job-said");
  if (place.textContent !== text) place.textContent = text;
}

/**
 * The page's form and lists, at work.
 * @template {Job} J
 */
export class Intake {
  /** @param {Ways<J>} ways */
  constructor(ways) {
    this.ways = ways;
    this.file = byId("file", HTMLInputElement);
    this.send = byId("send", HTMLButtonElement);
    this.problem = byId("problem");
    this.drop = byId("drop");
    this.watched = "";
    this.listen();
    this.addressed();
    this.earlier();
    byId("main").dataset.ready = "";
  }

  listen() {
    byId("upload").addEventListener("submit", (event) => this.submit(/** @type {SubmitEvent} */ (event)));
    this.file.addEventListener("change", () => this.chosen());
    this.drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.drop.classList.add("over");
    });
    this.drop.addEventListener("dragleave", () => this.drop.classList.remove("over"));
    this.drop.addEventListener("drop", (event) => this.dropped(event));
    addEventListener("popstate", () => this.addressed());
  }

  /** @param {string} text */
  complain(text) {
    this.problem.textContent = text;
    this.problem.hidden = !text;
  }

  chosen() {
    const one = this.file.files?.[0];
    byId("file-name").textContent = one ? `${one.name} · ${size(one.size)}` : t("选一个文件，或拖到这里");
    this.drop.classList.toggle("full", Boolean(one));
    this.send.disabled = !one;
    this.complain("");
  }

  /** @param {SubmitEvent} event */
  async submit(event) {
    event.preventDefault();
    const one = this.file.files?.[0];
    if (!one) return;
    const form = new FormData();
    form.set("file", one);
    this.ways.form(form);
    this.send.disabled = true;
    this.complain("");
    try {
      const { id, new: fresh } = await upload(this.ways.api, form, (share) => {
        this.send.textContent = t("正在上传 {percent}%", { percent: Math.round(share * 100) });
      });
      this.opened(String(id), !fresh);
    } catch (error) {
      this.complain(sentence(error));
    }
    this.send.textContent = this.ways.sending;
    this.send.disabled = !this.file.files?.length;
  }

  /** Another job comes to the front. @param {string} id @param {boolean} [again] whether its file came again */
  opened(id, again) {
    history.pushState(null, "", `${this.ways.page}/${encodeURIComponent(id)}`);
    this.file.value = "";
    this.chosen();
    this.watch(id, again);
  }

  /** Follow a job until it is over. @param {string} id @param {boolean} [again] whether its file came again */
  async watch(id, again = false) {
    this.watched = id;
    const card = byId("job");
    fill(card);
    card.hidden = false;
    for (let pause = POLL_MS; this.watched === id; ) {
      try {
        const job = /** @type {J} */ (await ask(`${this.ways.api}/${encodeURIComponent(id)}`));
        if (this.watched !== id) return;
        this.ways.show(card, job, again);
        say(this.ways.spoken(job));
        if (this.ways.over(job)) return void this.earlier();
        pause = POLL_MS;
      } catch (error) {
        this.complain(sentence(error));
        pause = SLOW_MS;
      }
      await new Promise((rested) => setTimeout(rested, pause));
    }
  }

  /** The jobs of before. */
  async earlier() {
    const place = byId("jobs");
    try {
      const { items: jobs } = /** @type {{items: J[]}} */ (await ask(this.ways.api));
      const none = el("li", { class: "empty" }, t("还没有导入过。导入的文件和结果会列在这里。"));
      fill(place, ...(jobs.length ? jobs.map((job) => this.row(job)) : [none]));
    } catch (error) {
      fill(place, el("li", { class: "empty" }, sentence(error)));
    }
  }

  /** @param {J} job */
  row(job) {
    const when = job.created_at ? moment(job.created_at, { lang, timeZone, now: new Date() }) : "";
    const { word, mood } = this.ways.badge(job);
    const go = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.opened(String(job.id));
      byId("job").scrollIntoView({ block: "nearest" });
    };
    return el("li", {}, el("a", { class: "job-row", href: `${this.ways.page}/${job.id}`, onclick: go },
      icon("file"),
      el("span", { class: "job-name" }, el("b", {}, said(job.file_name)), el("small", {}, [when, this.ways.told(job)].filter(Boolean).join(" · "))),
      el("span", { class: `badge ${mood}` }, word)));
  }

  /** A file that was let fall on the field. @param {DragEvent} event */
  dropped(event) {
    event.preventDefault();
    this.drop.classList.remove("over");
    if (!event.dataTransfer?.files.length) return;
    this.file.files = event.dataTransfer.files;
    this.chosen();
  }

  /** The job that the address names. */
  addressed() {
    const [, id] = /^\/[a-z]+\/([^/]+)/.exec(location.pathname) ?? [];
    if (id) return void this.watch(decodeURIComponent(id));
    this.watched = "";
    byId("job").hidden = true;
  }
}
