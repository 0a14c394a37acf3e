/** Taking a layer out: a small file comes at once, a large one is ordered, followed and fetched. */

import { ask, sentence } from "./api.js";
import { byId, el, fill, icon } from "./dom.js";
import { count, moment, size } from "./format.js";
import { lang, t, timeZone } from "./i18n.js";

const POLL_MS = 1000;
const SLOW_MS = 4000;

/** @type {Record<string, () => string>} */
const STATES = {
  waiting: () => t("等待中"),
  running: () => t("正在做"),
  done: () => t("可以下载"),
  failed: () => t("没有做成"),
  cancelled: () => t("已取消"),
  expired: () => t("已过期"),
};
const MOODS = /** @type {Record<string, string>} */ ({ done: "good", failed: "alarm" });

const form = /** @type {HTMLFormElement} */ (document.querySelector(".export-form"));
const problem = byId("problem");
let watching = false;

/** @param {ExportJob} job */
const isOpen = (job) => job.state === "waiting" || job.state === "running";

/** What the form asks for, without what was left empty. */
function wanted() {
  const fields = [...new FormData(form)].filter(([, value]) => value);
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

/** @param {string} text */
function complain(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

/** @param {SubmitEvent} event */
async function order(event) {
  event.preventDefault();
  complain("");
  const body = wanted();
  const send = byId("send", HTMLButtonElement);
  send.disabled = true;
  try {
    const { small } = await ask("/api/exports", { method: "POST", body });
    if (small) location.assign(`/exports/file?${new URLSearchParams(body)}`);
    else {
      await follow();
      byId("made").scrollIntoView({ block: "nearest" });
    }
  } catch (error) {
    complain(sentence(error));
  }
  send.disabled = false;
}

/** Show the orders, and again until none is under way. */
async function follow() {
  if (watching) return void (await show());
  watching = true;
  const open = await show();
  if (open === null || open) void later();
  else watching = false;
}

async function later() {
  for (let open = /** @type {boolean | null} */ (true); open !== false; ) {
    await new Promise((rested) => setTimeout(rested, open === null ? SLOW_MS : POLL_MS));
    open = await show();
  }
  watching = false;
}

/** The orders as they are; whether one is under way, null where that cannot be told. */
async function show() {
  try {
    const { items } = /** @type {{items: ExportJob[]}} */ (await ask("/api/exports"));
    byId("made").hidden = !items.length;
    const list = byId("jobs");
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.id : "";
    fill(list, ...items.map(row));
    if (focused) document.getElementById(focused)?.focus();
    say(items);
    return items.some(isOpen);
  } catch (error) {
    complain(sentence(error));
    return null;
  }
}

/** Read aloud only what is new. @param {ExportJob[]} items */
function say([newest]) {
  if (!newest) return;
  const quarter = newest.state === "running" && newest.total ? Math.floor((newest.done / newest.total) * 4) * 25 : 0;
  const told = [newest.title, STATES[newest.state]?.() ?? newest.state, quarter ? `${quarter}%` : ""].filter(Boolean).join(" ");
  if (byId("made-said").textContent !== told) byId("made-said").textContent = told;
}

/** @param {ExportJob} job */
function row(job) {
  const when = moment(job.created_at, { lang, timeZone, now: new Date() });
  const narrowed = Object.entries(job.filters).map(([name, value]) => `${name} = ${value}`);
  const about = [when, job.crs, job.at?.slice(0, 10), ...narrowed, job.size ? size(job.size) : ""].filter(Boolean);
  const state = el("span", { class: `badge ${MOODS[job.state] ?? ""}` }, STATES[job.state]?.() ?? job.state);
  return el("li", { class: "made" },
    el("div", { class: "job-row" }, icon("file"),
      el("span", { class: "job-name" }, el("b", {}, `${job.title} · ${job.format_title}`), el("small", {}, about.join(" · "))),
      state, deed(job)),
    isOpen(job) ? progress(job) : null,
    job.error ? el("p", { class: "problem" }, job.error.title) : null);
}

/** What can be done with an order. @param {ExportJob} job */
function deed(job) {
  const name = `${job.title} · ${job.format_title}`;
  if (job.state === "done") {
    const until = job.expires_at ? moment(job.expires_at, { lang, timeZone, now: new Date() }) : "";
    return el("a", {
      class: "button", id: `get-${job.id}`, href: `/api/exports/${job.id}/file`, download: true,
      title: t("保留到 {until}", { until }), "aria-label": t("下载 {name}", { name }),
    }, icon("download"), t("下载"));
  }
  if (!isOpen(job)) return null;
  return el("button", {
    class: "button", id: `stop-${job.id}`, type: "button", "aria-label": t("取消 {name}", { name }),
    onclick: () => cancel(job),
  }, icon("close"), t("取消"));
}

/** @param {ExportJob} job */
async function cancel(job) {
  try {
    await ask(`/api/exports/${job.id}/cancel`, { method: "POST", body: {} });
  } catch (error) {
    complain(sentence(error));
  }
  await follow();
}

/** @param {ExportJob} job */
function progress({ state, done, total }) {
  const rows = t("{done} / {total} 行", { done: count(done, lang), total: count(total, lang) });
  const told = state === "running" && done >= total ? t("正在收尾……") : rows;
  return el("div", { class: "progress" }, el("progress", { max: total || 1, value: done, "aria-label": t("导出进度") }), el("span", {}, told));
}

form.addEventListener("submit", (event) => void order(/** @type {SubmitEvent} */ (event)));
void follow();
