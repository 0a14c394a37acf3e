/** The resident's form: keeps what was typed, sends it, and tells where it went. */

import { ask, sentence, Refusal } from "./api.js";
import { AddressOfPin } from "./address-of-pin.js";
import { Before } from "./before.js";
import { complain, complained } from "./complaints.js";
import { byId, el, fill, icon } from "./dom.js";
import { clearDraft, keepDraft, readDraft } from "./draft.js";
import { sendByButton } from "./enter.js";
import { said, t, woven } from "./i18n.js";
import { place, wideZoom } from "./place.js";
import { keepAtHand } from "./offline.js";
import { freshKey, outbox } from "./outbox.js";
import { chosenAnswers, questionFields } from "./questions.js";
import { lacking, reach } from "./reach.js";
import { isAbout, reportPhotos } from "./report-photos.js";
import { tellArrived, tellSent } from "./sent.js";
import { tellOutbox } from "./steps.js";
import { Suggest } from "./suggest.js";
import * as words from "./words.js";

const form = byId("report", HTMLFormElement);
const address = byId("address", HTMLInputElement);
const text = byId("text", HTMLTextAreaElement);
const send = byId("send", HTMLButtonElement);
const where = byId("where");
const addressed = new AddressOfPin(address);
const choices = byId("choices");

/** @returns {string} */
function category() {
  return String(new FormData(form).get("category") ?? "");
}

function keep() {
  keepDraft({ address: address.value, text: text.value, category: category(), place: place.current, answers: chosenAnswers(form) });
}

function restore() {
  write(readDraft());
}

/** @param {import("./draft.js").Draft} draft */
function write(draft) {
  address.value = draft.address;
  text.value = draft.text;
  const chosen = form.querySelector(`[name=category][value="${CSS.escape(draft.category)}"]`);
  if (chosen instanceof HTMLInputElement) chosen.checked = true;
  fill(byId("questions"), ...questionFields(category(), draft.answers));
  addressed.is(draft.place?.label === draft.address ? draft.place : null);
  if (draft.place) place.set(draft.place, "form");
}

/** A report that was not taken comes back into the form, to be mended and sent again.
 * @param {import("./outbox.js").Letter} letter */
function takeBack({ body: { text: words, address: where, category: kind, answers = {}, lon, lat } }) {
  const known = lon === undefined ? null : { lon, lat, label: where || t("地图上选的点") };
  write({ text: words, address: where ?? "", category: kind, answers, place: known });
  keep();
}

/** Take back a complaint that no longer holds. */
function relieve() {
  if (choices.hidden && missing()?.[0] !== complained()) complain("");
}

/** The community or road that the address is known by so far; a point in it is still wanted. */
let around = "";

/** The words for which a place was offered and chosen; a district learns what people call it. */
let typed = "";

function onlyNear() {
  return around !== "" && around === address.value;
}

/** What is missing, as a sentence with the field to fill in.
 * @returns {[string, HTMLElement] | null} */
function missing() {
  if (!place.current && !address.value.trim()) return [t("请先说在哪里：写地址，或在地图上点一下。"), address];
  if (!place.current && onlyNear()) return [t("请在地图上点出具体位置。"), byId("ground")];
  if (place.current?.inside === false) return [t("这个位置不在本区范围内，请在地图上重新点。"), byId("ground")];
  if (!category()) return [t("请选一个类别，拿不准就选“其他”。"), /** @type {HTMLElement} */ (form.querySelector("[name=category]"))];
  if (!before.sure) return [t("请先答一下是哪一边的网格。"), byId("before")];
  if (!text.value.trim()) return [t("请写几句是怎么回事。"), text];
  return lacking();
}

function body() {
  const answers = chosenAnswers(form);
  const more = Object.keys(answers).length ? { answers } : {};
  return { ...placed(), text: text.value.trim(), ...more, ...reach() };
}

/** What the report says of place and category. */
function placed() {
  const chosen = place.current;
  const written = { category: category() };
  if (!chosen) return { ...written, address: address.value.trim() };
  const noted = { ...(address.value.trim() && { address: address.value.trim() }), ...(typed && { typed }) };
  if (chosen.building_id) return { ...written, ...noted, building_id: chosen.building_id };
  return { ...written, ...noted, lon: chosen.lon, lat: chosen.lat };
}

/** @param {SubmitEvent} event */
async function submit(event) {
  event.preventDefault();
  await place.checking;
  const lack = missing();
  if (lack) return complain(...lack);
  complain("");
  choices.hidden = true;
  send.disabled = true;
  send.textContent = t("正在提交……");
  try {
    const unsure = place.current ? null : await doubt(address.value.trim());
    if (unsure) offer(unsure);
    else sent(await outbox.send({ key, url: "/api/issues", body: body(), photos: photos.chosen(), about: "report", label: text.value.trim().slice(0, 20) }));
  } catch (error) {
    refused(error);
  }
  send.disabled = false;
  send.textContent = t("提交");
}

/**
 * The places that an address may mean where it is not sure; null where it is, and then it is
 * taken.
 * @param {string} q @returns {Promise<Match[] | null>}
 */
async function doubt(q) {
  const answer = await ask("/api/geocode", { params: { q, limit: 6 } }).catch(waitsForNetwork);
  if (!answer) return null;
  const { matches, sure } = answer;
  if (!sure || wideZoom(matches[0]?.precision)) return matches;
  choose(matches[0]);
  return null;
}

/** Without a network the address goes along as it was typed. @param {unknown} error */
function waitsForNetwork(error) {
  if (error instanceof Refusal && error.status === 0) return null;
  throw error;
}

/** Take an address that can mean only one place as soon as it is written. */
async function settle() {
  const q = address.value.trim();
  if (!q || place.current || onlyNear()) return;
  const answer = await ask("/api/geocode", { params: { q, limit: 2 } }).catch(() => null);
  if (!answer || place.current || address.value.trim() !== q) return;
  if (answer.sure || onlyRound(answer.matches)) choose(answer.matches[0]);
}

/** Whether all that is known is one community or road. @param {Match[]} matches */
function onlyRound(matches) {
  return matches.length === 1 && Boolean(wideZoom(matches[0].precision));
}

/** @param {unknown} error */
function refused(error) {
  if (error instanceof Refusal && error.code === "address_ambiguous") return offer(error.facts.candidates ?? []);
  complain(t("{sentence}你写的内容都还在。", { sentence: sentence(error) }), isAbout(error) ? photos.input : undefined);
}

/** @param {Match[]} candidates */
function offer(candidates) {
  if (!candidates.length) return complain(t("没有找到这个地址。换一种写法，或在地图上点一下。你写的内容都还在。"), address);
  if (onlyRound(candidates)) {
    choose(candidates[0]);
    return complain(t("请在地图上点出具体位置。"), byId("ground"));
  }
  complain(t("这个地址可能是下面几处，请选一处；都不是就在地图上点一下。"));
  fill(choices, ...candidates.map((match) => el("li", {}, choice(match))));
  choices.hidden = false;
  choices.querySelector("button")?.focus();
}

/** @param {Match} match */
function choice(match) {
  const take = () => {
    const asked = address.value.trim();
    choices.hidden = true;
    complain("");
    choose(match);
    typed = place.current ? asked : "";
    if (place.current) form.requestSubmit();
    else complain(t("请在地图上点出具体位置。"), byId("ground"));
  };
  return el("button", { type: "button", class: "choice", onclick: take },
    icon("pin"), el("span", {}, said(match.label)), el("small", {}, words.precision(match.precision)));
}

/** Take a point for the place; a community or road is only shown. @param {Match} match */
function choose({ lon, lat, label, precision, building_id }) {
  const zoom = wideZoom(precision);
  address.value = label;
  around = zoom ? label : "";
  addressed.is(zoom ? null : { lon, lat });
  if (!zoom) return place.set({ lon, lat, label, building_id: building_id ?? null }, "form");
  place.set(null, "form");
  place.look({ lon, lat, zoom });
}

/** The key of this report: sent again it is the same one. */
let key = freshKey();

/** @param {(IssueFacts & {url: string}) | null} issue null where it waits for the network */
function sent(issue) {
  clearDraft();
  form.reset(); // a contact is not kept for whoever comes next
  key = freshKey();
  photos.clear();
  form.hidden = true;
  tellSent(issue, again);
}

function again() {
  form.reset();
  fill(byId("questions"));
  typed = "";
  addressed.is(null);
  place.set(null, "form");
  byId("done").hidden = true;
  form.hidden = false;
  address.focus();
}

function showWhere() {
  const chosen = place.current;
  where.className = chosen?.inside === false ? "where wrong" : chosen ? "where" : "where wanted";
  if (chosen?.inside === false) fill(where, icon("alert"), t("这个位置不在本区范围内，请在地图上重新点。"));
  else if (chosen) fill(where, icon("pin"), el("span", {}, ...woven(t("选定：{place}"), { place: said(chosen.label) }), ...leftOut()));
  else fill(where, onlyNear() && icon("pin"), onlyNear() && t("请在地图上点出具体位置。"));
}

/** That the address no longer goes along. */
function leftOut() {
  const { left } = addressed;
  return left ? woven(t("。原来的地址“{address}”不在这里，已去掉。"), { address: said(left) }) : [];
}

place.on((by) => {
  const chosen = place.current;
  if (by === "map" && chosen && addressed.moved(chosen)) typed = "";
  showWhere();
  byId("map-hint").hidden = Boolean(chosen);
  if (chosen) choices.hidden = true;
  if (by === "map" && chosen) byId("address-results").hidden = true;
  relieve();
  keep();
  before.changed();
});

/** @param {Match} match */
const row = ({ label, precision }) => [el("span", {}, said(label)), el("small", {}, words.precision(precision))];
const suggest = new Suggest({ field: address, list: byId("address-results"), url: "/api/geocode", choose, row });
address.addEventListener("input", () => {
  typed = "";
  addressed.is(null);
  choices.hidden = true;
  if (place.current) place.set(null, "form");
  showWhere();
});
address.addEventListener("change", settle);

/** Look up what is written: taken where it can mean only one place, else offered. */
async function lookUp() {
  await settle();
  if (place.current || onlyNear()) suggest.close();
  else await suggest.look();
}

sendByButton(form, address, lookUp);
form.addEventListener("input", () => {
  relieve();
  keep();
});
form.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.name !== "category") return;
  fill(byId("questions"), ...questionFields(category()));
  before.changed();
});
form.addEventListener("submit", submit);
const wish = () => (category() && place.current?.inside !== false && place.current ? { ...placed(), typed: undefined } : null);
const before = new Before(wish, () => ({ note: text.value.trim(), joined: clearDraft }));
const photos = reportPhotos();
tellOutbox(byId("outbox"), takeBack);
outbox.addEventListener("sent", (event) => {
  const { letter, answer } = /** @type {CustomEvent} */ (event).detail;
  if (letter.about !== "report") return;
  if (!byId("done").hidden) tellSent(answer, again);
  else tellArrived();
});
tellArrived();
restore();
before.changed();
keepAtHand("/report");
