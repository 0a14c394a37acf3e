/** The steps that can be taken on an issue: a button each, and a form for those that want words. */

import { sentence } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { keepPhotos, readPhotos } from "./draft-photos.js";
import { said, t } from "./i18n.js";
import { showNotice } from "./notice.js";
import { freshKey, outbox } from "./outbox.js";
import { photoField } from "./photos.js";
import { isStale, tellRefused } from "./stale.js";
import * as words from "./words.js";

/**
 * @typedef {{id: string, steps: string[], departments: string[], text: string, beside?: Beside[], quiet?: boolean, folded?: boolean, lead?: HTMLElement | null, first?: string}} Stepped `lead` stands in front of all, `first` is the step that leads; where it is folded, none stands in front
 * @typedef {{code: string, name: string, workers: string[]}} Beside
 * @typedef {{needs: (keyof typeof FIELDS)[], photos?: boolean, urgent?: boolean}} Asking
 */

/** What each step wants to be told; those that are not here want nothing.
 * @type {Record<string, Asking>} */
const ASKED = {
  refuse: { needs: ["told"] },
  dispatch: { needs: ["handler", "hint"] },
  pass_on: { needs: ["handler", "hint"] },
  pass_over: { needs: ["grid", "note"] },
  settle: { needs: ["told"], photos: true },
  handle: { needs: ["told"], photos: true },
  hand_back: { needs: ["reason", "hint"] },
  escalate: { needs: ["note"] },
  bring_down: { needs: ["note"] },
  close: { needs: ["sure", "hint"] },
  rework: { needs: ["note"] },
  void: { needs: ["note"] },
  extend: { needs: ["later", "note"] },
  suspend: { needs: ["until", "note"] },
  supervise: { needs: ["grade", "hint"] },
  release: { needs: ["note"] },
  reopen: { needs: ["note"] },
};

/** What stands in front, by what mostly comes next. */
const FIRST = ["accept", "handle", "settle", "close", "check", "dispatch", "set_out", "resume", "register"];
const ELSEWHERE = new Set(["settle_ground"]);
const SHOWN = 2;

/** What sets near synonyms apart, said where all the ways are shown. @type {Record<string, () => string>} */
const MEANT = {
  pass_on: () => t("交给处置部门去办"),
  pass_over: () => t("转给相邻或本社区的另一个网格"),
  hand_back: () => t("退给社区，由社区重新安排"),
  escalate: () => t("请上一级来办或协调"),
  bring_down: () => t("交还下一级办"),
};

const FIELDS = {
  note: () => area(t("说明")),
  told: () => area(t("说明（反映人会看到，请不要写别人的个人信息）")),
  sure: () => el("p", { class: "hint" }, t("结案后居民可以评价，也可以要求重办。确认办好了再结案。")),
  hint: () => area(t("说明（可以不写）"), false),
  reason: () => choice("reason", t("为什么回退"), [["not_my_ground", words.reason("not_my_ground")], ["not_my_matter", words.reason("not_my_matter")]]),
  grade: () => choice("grade", t("督办等级"), ["normal", "yellow", "red"].map((code) => [code, words.grade(code)])),
  until: () => labelled(t("挂到哪一天"), el("input", { name: "until", type: "date", required: true })),
  later: () => labelled(t("延到哪一天（不选就再加一个时限）"), el("input", { name: "until", type: "date" })),
  grid: (/** @type {Stepped} */ issue) => choice("grid", t("转给哪个网格"), (issue.beside ?? []).map(named)),
  handler: (/** @type {Stepped} */ issue) => choice("handler", t("转给哪个部门"), issue.departments.map((name) => [name, name])),
};

/** A grid as one chooses it: its name with who is there. @param {Beside} grid */
function named({ code, name, workers }) {
  return [code, workers.length ? t("{name}（{workers}）", { name, workers: workers.join(t("、")) }) : name];
}

/**
 * The buttons of an issue. `taken` is told the server's answer, or null where it waits for the
 * network.
 * @param {Stepped} issue @param {(step: string, answer: any) => void} taken
 */
export function stepButtons(issue, taken) {
  const place = el("div", { class: "mine-steps" });
  const all = issue.steps.filter((name) => !ELSEWHERE.has(name));
  const rank = [...(issue.first ? [issue.first] : []), ...FIRST.filter((name) => name !== issue.first)];
  const order = [...rank.filter((name) => all.includes(name)), ...all.filter((name) => !rank.includes(name))];
  const few = issue.folded ? 0 : issue.lead ? SHOWN - 1 : SHOWN;
  const draw = (/** @type {boolean} */ whole) => {
    const shown = whole ? order : order.slice(0, few);
    const leads = (/** @type {string} */ name, /** @type {number} */ i) => i === 0 && !issue.quiet && rank.includes(name);
    place.classList.toggle("all", whole);
    const buttons = shown.map((name, i) => explained(name, whole, stepButton(issue, name, place, leads(name, i), () => draw(false), taken)));
    const more = el("button", { type: "button", class: "button quiet", onclick: () => draw(true) }, t("更多办法"));
    const ground = whole && !issue.lead && issue.steps.includes("settle_ground") && el("a", { class: "button", href: `/issues/${encodeURIComponent(issue.id)}?settle` }, words.event("settle_ground", null));
    fill(place, issue.lead, ...buttons, order.length > shown.length && more, ground);
  };
  draw(false);
  return order.length || issue.lead ? place : null;
}

/** A button with what it means, where all of them are shown. @param {string} name @param {boolean} whole @param {HTMLElement} button */
function explained(name, whole, button) {
  return whole && MEANT[name] ? el("div", { class: "step-meant" }, button, el("small", { class: "hint" }, MEANT[name]())) : button;
}

/** @param {Stepped} issue @param {string} name @param {HTMLElement} place @param {boolean} strong @param {() => void} back @param {(step: string, answer: any) => void} taken */
function stepButton(issue, name, place, strong, back, taken) {
  const go = (/** @type {Event} */ event) => {
    if (ASKED[name]) return askFirst(issue, name, place, back, taken);
    const pressed = /** @type {HTMLButtonElement} */ (event.currentTarget);
    pressed.disabled = true;
    take(issue, name, {}, []).then((answer) => taken(name, answer), (error) => {
      pressed.disabled = false;
      if (isStale(error)) taken(name, null);
    });
  };
  return el("button", { type: "button", class: strong ? "button strong" : "button", "data-step": name, onclick: go }, words.event(name, null));
}

/** @param {Stepped} issue @param {string} name @param {HTMLElement} place @param {() => void} back @param {(step: string, answer: any) => void} taken */
function askFirst(issue, name, place, back, taken) {
  const asked = ASKED[name];
  const kept = `wangge.note.${issue.id}.${name}`;
  const photos = asked.photos ? stepPhotos(kept) : [];
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const send = el("button", { type: "submit", class: "button strong" }, words.event(name, null));
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const said = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string" && value));
    if (said.until) said.until = new Date(`${said.until}T18:00:00+08:00`).toISOString();
    send.disabled = true;
    try {
      const answer = await take(issue, name, said, photos.flatMap((field) => field.chosen()));
      forget(kept);
      photos.forEach(({ clear }) => clear());
      back();
      taken(name, answer);
    } catch (error) {
      tellRefused(problem, error, () => {
        back();
        taken(name, null);
      });
    }
    send.disabled = false;
  };
  const form = el("form", { class: "step-form", onsubmit: submit },
    ...asked.needs.map((need) => FIELDS[need](issue)),
    el("div", { class: "mine-steps" }, ...photos.map(({ element }) => element)), problem,
    el("div", { class: "done-row" }, send, el("button", { type: "button", class: "button quiet", onclick: back }, t("取消"))));
  fill(place, form);
  remember(form.querySelector("textarea"), kept);
  /** @type {HTMLElement | null} */ (form.querySelector("select, textarea, input"))?.focus();
}

/** How it was found and how it was left, as it was chosen before the page was opened anew. @param {string} about */
function stepPhotos(about) {
  const keep = () => restored.then(() => keepPhotos(fields.flatMap((field) => field.chosen()), about));
  const fields = [photoField("before", t("办理前"), undefined, keep), photoField("after", t("办理后"), undefined, keep)];
  const restored = readPhotos(about).then((kept) => fields.forEach((field, i) => field.restore(kept.filter(({ kind }) => kind === (i ? "after" : "before")))));
  return fields;
}

/** @param {Stepped} issue @param {string} step @param {Record<string, any>} said @param {import("./outbox.js").Enclosed[]} photos */
async function take(issue, step, said, photos) {
  const body = { step, at: new Date().toISOString(), ...said };
  const url = `/api/issues/${encodeURIComponent(issue.id)}/steps`;
  try {
    const answer = await outbox.send({ key: freshKey(), url, body, photos, about: issue.id, label: words.event(step, null) });
    showNotice(answer ? t("已记下：{step}", { step: words.event(step, null) }) : t("没有网络，已存在本机，恢复后自动送出。"));
    return answer;
  } catch (error) {
    if (!ASKED[step]) showNotice(sentence(error));
    throw error;
  }
}

/** Keep each typed word of a field until it is sent. @param {HTMLTextAreaElement | null} field @param {string} name */
function remember(field, name) {
  if (!field) return;
  try {
    field.value = localStorage.getItem(name) ?? "";
    field.addEventListener("input", () => localStorage.setItem(name, field.value));
  } catch {
    return; // private windows may keep nothing
  }
}

/** @param {string} name */
function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    return; // as above
  }
}

/** @param {string} label @param {boolean} [required] */
function area(label, required = true) {
  return labelled(label, el("textarea", { name: "note", rows: 3, maxlength: 1000, required }));
}

/** @param {string} name @param {string} label @param {string[][]} options */
function choice(name, label, options) {
  return labelled(label, el("select", { name, required: true },
    el("option", { value: "" }, t("请选择")),
    ...options.map(([value, text]) => el("option", { value }, text))));
}

/** @param {string} label @param {HTMLElement} field */
function labelled(label, field) {
  return el("label", { class: "field" }, el("span", {}, label), field);
}

/**
 * What waits in this browser for the network, as a line; empty where nothing does. What was not taken
 * stays until somebody has seen it, and `takeBack` puts it into a form again.
 * @param {HTMLElement} place @param {(letter: import("./outbox.js").Letter) => void} [takeBack]
 */
export function tellOutbox(place, takeBack) {
  const tell = () => {
    const wrong = outbox.letters.filter((letter) => letter.wrong);
    const waiting = outbox.letters.length - wrong.length;
    place.hidden = !outbox.letters.length;
    const line = outbox.asksWho ? el("a", { href: `/sign-in?next=${encodeURIComponent(location.pathname)}` }, t("登录已过期。{count} 件已存在本机，登录后送出。", { count: waiting }))
      : t("{count} 件等网络恢复后送出，不用重填。", { count: waiting });
    const names = outbox.letters.filter((letter) => !letter.wrong).map(({ label }) => label).filter(Boolean).join(t("、"));
    fill(place, waiting > 0 && el("span", {}, icon("clock"), line, names && " ", names && el("b", {}, said(names))), ...wrong.map((letter) => refused(letter, takeBack)));
  };
  outbox.addEventListener("change", tell);
  tell();
}

/** @param {import("./outbox.js").Letter} letter @param {((letter: import("./outbox.js").Letter) => void) | undefined} takeBack */
function refused(letter, takeBack) {
  const mend = () => {
    takeBack?.(letter);
    outbox.drop(letter);
  };
  return el("span", { class: "mine-waiting" }, t("{label}没有送成：{reason}", { label: letter.label, reason: letter.wrong ?? "" }),
    takeBack && letter.about === "report" && el("button", { type: "button", class: "link", onclick: mend }, t("拿回来改")),
    el("button", { type: "button", class: "link", onclick: () => outbox.drop(letter) }, t("知道了")));
}
