/** One load of a layer or list: what is asked, what it would do or did, and the report. */

import { ask, sentence } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { count } from "./format.js";
import { onMap } from "./geometry.js";
import { lang, marked, said, t } from "./i18n.js";

/** @type {Record<string, () => string>} */
const STATES = {
  waiting: () => t("等待中"),
  running: () => t("检查中"),
  asked: () => t("等您回答"),
  checked: () => t("检查完，还没有导入"),
  done: () => t("已导入"),
  failed: () => t("没有导入"),
};

/** @type {Record<string, () => string>} */
const KINDS = {
  district: () => t("区界"),
  streets: () => t("街道"),
  communities: () => t("社区"),
  grids: () => t("网格"),
  buildings: () => t("楼栋"),
  roads: () => t("道路"),
  workers: () => t("网格员"),
  groups: () => t("党小组"),
  units: () => t("驻辖区单位"),
};

/** @type {Record<string, () => string>} */
const GRADES = { refused: () => t("退回"), flagged: () => t("提醒"), repaired: () => t("修补") };

/** @param {string} kind */
export const kindWord = (kind) => KINDS[kind]?.() ?? kind;

/** @param {string} state */
export function badge(state) {
  const mood = state === "failed" || state === "asked" ? "alarm" : state === "done" ? "good" : "";
  return { word: STATES[state]?.() ?? state, mood };
}

/**
 * Shows a load in its card.
 * @param {HTMLElement} card @param {LoadJob} job @param {boolean} again whether its file had come before
 * @param {(id: string) => void} follow called when the load goes on
 */
export function loadCard(card, job, again, follow) {
  const { word, mood } = badge(job.state);
  fill(card,
    el("h2", {}, said(job.file_name), " ", el("span", { class: `badge ${mood}` }, word)),
    again && el("p", { class: "before" }, icon("info"), t("这个文件以前来过，又从头核对了一遍")),
    ...(job.state === "checked" || job.state === "done" ? outcome(job) : underWay(job, follow)),
    columns(job),
    job.state === "checked" && !isNothing(job) ? applying(job, follow) : null,
    job.state === "done" ? el("p", {}, el("a", { class: "button", href: onMap(job.bbox) }, t("到地图上看"))) : null,
    job.refused || job.flagged || job.repaired ? report(job) : null);
}

/** Whether a load changes nothing at all. @param {LoadJob} job */
function isNothing(job) {
  return !job.added && !job.changed && !job.refused;
}

/** @param {LoadJob} job */
function outcome(job) {
  const told = t("里面的内容都已经有了，没有要改的");
  return [results(job), isNothing(job) && el("p", { class: "before" }, icon("check"), told)];
}

/** @param {LoadJob} job @param {(id: string) => void} follow */
function underWay(job, follow) {
  if (!job.error) return [progress(job)];
  const asked = job.state === "asked" ? question(job, follow) : null;
  return [el("p", { class: "problem" }, job.error.title), asked];
}

/** @param {LoadJob} job */
function progress({ done, total }) {
  const known = total ? { max: total, value: done } : {};
  const told = total ? t("{done} / {total} 行", { done: count(done, lang), total: count(total, lang) }) : t("正在读文件……");
  return el("div", { class: "progress" }, el("progress", { ...known, "aria-label": t("检查进度") }), el("span", {}, told));
}

/** @param {LoadJob} job */
function results(job) {
  /** @type {[string, number, string][]} */
  const figures = [
    [job.dry_run ? t("会新增") : t("新增"), job.added, "good"],
    [job.dry_run ? t("会改动") : t("改动"), job.changed, ""],
    [t("已有，不变"), job.same, ""],
    [t("退回"), job.refused, job.refused ? "late" : ""],
  ];
  const cells = figures.map(([name, number, mood]) => el("div", {}, el("dd", { class: mood }, count(number, lang)), el("dt", {}, name)));
  return el("dl", { class: "figures" }, ...cells);
}

/** Which column was taken for what. @param {LoadJob} job */
function columns({ recognised_columns: known, place_columns: places, unmapped_columns: rest, dropped_columns: dropped, system }) {
  const taken = [...new Set([...Object.values(known), ...places])];
  const list = (/** @type {string[]} */ names) => names.join(t("、"));
  return el("div", { class: "hint" },
    taken.length ? el("p", {}, t("用到的列：{names}", { names: list(taken) })) : null,
    rest.length ? el("p", {}, t("没有用到的列：{names}", { names: list(rest) })) : null,
    dropped.length ? el("p", {}, t("没有保存这些联系方式列：{names}", { names: list(dropped) })) : null,
    system && system !== "-" ? el("p", {}, t("坐标系：{system}", { system })) : null);
}

/** The systems to choose from, each with the place where the file would land.
 * @param {LoadJob} job @param {(id: string) => void} follow */
function question(job, follow) {
  const said = el("p", { class: "problem", role: "alert", hidden: true });
  const mine = el("input", { type: "radio", name: "candidate", value: "", required: true, checked: !job.candidates.length });
  const own = el("input", {
    id: "own-crs", type: "text", maxlength: 200, placeholder: "EPSG:4545", autocomplete: "off", "aria-label": t("别的坐标系"),
    oninput: () => (mine.checked = true),
  });
  const sure = stands(job.candidates);
  const choices = job.candidates.map((one, at) => el("label", { class: "choice" },
    el("input", { type: "radio", name: "candidate", value: one.crs, checked: at === 0 && sure, required: true }),
    el("span", {}, el("b", {}, one.title === one.crs ? one.crs : `${one.title}（${one.crs}）`), el("small", {}, ...marked(lands(one))))));
  const other = el("label", { class: "choice" }, mine, el("span", {}, t("别的："), own));
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const crs = String(new FormData(form).get("candidate") || "") || own.value.trim();
    await act(`/api/loads/${job.id}/crs`, { crs }, said, () => follow(String(job.id)));
  };
  const form = el("form", { class: "question", onsubmit: submit },
    el("fieldset", {}, el("legend", {}, t("文件里的坐标是哪一种？")), ...choices, other),
    el("button", { class: "button strong", type: "submit" }, t("就用这个")), said);
  return form;
}

/** Whether the first candidate fits known features clearly better than the next: only then is it
 * chosen beforehand. @param {LoadCandidate[]} candidates */
function stands([first, next]) {
  return Boolean(first && (!next || first.on_known >= 2 * next.on_known) && first.on_known > 0);
}

/** @param {LoadCandidate} one */
function lands({ lon, lat, near, inside, on_known: known }) {
  const at = near ? t("落在{name}附近（{lon}，{lat}）", { name: near, lon, lat }) : t("落在 {lon}，{lat}", { lon, lat });
  const parts = [at, t("{share}% 在本区", { share: Math.round(inside * 100) })];
  if (known) parts.push(t("{share}% 与已有的楼栋、道路重合", { share: Math.round(known * 100) }));
  return parts.join(" · ");
}

/** @param {LoadJob} job @param {(id: string) => void} follow */
function applying(job, follow) {
  const said = el("p", { class: "problem", role: "alert", hidden: true });
  const go = () => act(`/api/loads/${job.id}/apply`, {}, said, () => follow(String(job.id)));
  return el("div", { class: "apply" },
    el("button", { class: "button strong", type: "button", onclick: go }, t("导入到地图上")),
    el("p", { class: "hint" }, t("到这里为止只是检查，地图没有变。")), said);
}

/** @param {string} path @param {unknown} body @param {HTMLElement} said @param {() => void} then */
async function act(path, body, said, then) {
  said.hidden = true;
  try {
    await ask(path, { method: "POST", body });
    then();
  } catch (error) {
    said.textContent = sentence(error);
    said.hidden = false;
  }
}

/** The report, which fills itself. @param {LoadJob} job */
function report(job) {
  const place = el("div", { class: "refused" }, el("p", { class: "hint" }, t("正在取报告……")));
  fetched(place, job);
  return place;
}

/** @param {HTMLElement} place @param {LoadJob} job */
async function fetched(place, job) {
  const base = `/api/loads/${job.id}`;
  try {
    const { items } = /** @type {{items: LoadNote[]}} */ (await ask(`${base}/report`));
    const heads = [t("行"), t("列"), t("结果"), t("原因")].map((name) => el("th", { scope: "col" }, name));
    const total = job.refused + job.flagged + job.repaired;
    fill(place,
      el("div", { class: "refused-head" }, el("h3", {}, t("报告")),
        el("a", { class: "button", href: `${base}/report.csv`, download: true }, icon("download"), t("下载报告"))),
      el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("报告") },
        el("table", {}, el("thead", {}, el("tr", {}, ...heads)), el("tbody", {}, ...items.map(line)))),
      total > items.length && el("p", { class: "hint" }, t("还有 {count} 条，在下载的报告里。", { count: count(total - items.length, lang) })));
  } catch (error) {
    fill(place, el("p", { class: "problem" }, sentence(error)));
  }
}

/** @param {LoadNote} note */
function line({ row, column, grade, reason }) {
  const mood = grade === "refused" ? "alarm" : grade === "repaired" ? "good" : "";
  return el("tr", {},
    el("td", { class: "code" }, row || t("全部")), el("td", {}, column || "—"),
    el("td", {}, el("span", { class: `badge ${mood}` }, GRADES[grade]?.() ?? grade)), el("td", {}, reason));
}
