/** Finding one's report again: by its code, or because it was sent from this device. */

import { ask, sentence } from "./api.js";
import { byId, el, fill, icon } from "./dom.js";
import { moment } from "./format.js";
import { lang, said, t, timeZone } from "./i18n.js";
import { forgetReports, keptReports } from "./kept-reports.js";
import { outbox } from "./outbox.js";
import { tellArrived } from "./sent.js";

const SHORTEST = 16;

const form = byId("track", HTMLFormElement);
const code = byId("code", HTMLInputElement);
const problem = byId("problem");

/** @param {string} told */
function complain(told) {
  problem.textContent = told;
  problem.hidden = !told;
  if (told) code.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const given = code.value.trim();
  if (given.replace(/[^0-9A-Za-z]/g, "").length < SHORTEST) return complain(t("查询码有十六个字母和数字，请照着再输一次。"));
  complain("");
  try {
    const { url } = await ask("/api/issues/follow", { body: { code: given } });
    location.assign(`${url}#${encodeURIComponent(given.toUpperCase())}`);
  } catch (error) {
    complain(sentence(error));
  }
});

function showKept() {
  const kept = keptReports();
  byId("own").hidden = !kept.length;
  fill(byId("own-list"), ...kept.map(({ url, label, at }) => el("li", {},
    el("a", { href: url }, el("b", {}, said(label)), el("small", {}, moment(at, { lang, timeZone, now: new Date() }))))));
}

/** What has not gone yet is on the page where it was written. */
function tellWaiting() {
  const waiting = outbox.letters.filter(({ about }) => about === "report").length;
  byId("outbox").hidden = !waiting;
  fill(byId("outbox"), icon("clock"), " ", el("a", { href: "/report" }, t("{count} 件反映还在这台设备上，没有送出。", { count: waiting })));
}

byId("own-forget").addEventListener("click", () => {
  forgetReports();
  showKept();
});
showKept();
tellArrived();
outbox.addEventListener("change", tellWaiting);
outbox.addEventListener("sent", () => {
  showKept();
  tellArrived();
});
byId("main").dataset.ready = "";
