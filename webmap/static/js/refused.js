/** The rows of an import that need a hand: why, and the cells to put right. */

import { ask, sentence } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {(job: ImportJob) => void} Changed */

/** The table of refused rows, which fills itself. @param {number} id @param {Changed} changed */
export function refusedRows(id, changed) {
  const place = el("div", { class: "refused" }, el("p", { class: "hint" }, t("正在取有错的行……")));
  show(place, `/api/imports/${id}`, changed);
  return place;
}

/** @param {HTMLElement} place @param {string} base @param {Changed} changed */
async function show(place, base, changed) {
  try {
    const { rows } = /** @type {{rows: RefusedRow[]}} */ (await ask(`${base}/refused`));
    const heads = [t("行"), t("列"), t("原因"), t("改成")].map((name) => el("th", { scope: "col" }, name));
    const body = el("tbody", {}, ...rows.map((row) => line(base, row, changed)));
    fill(place,
      el("div", { class: "refused-head" }, el("h3", {}, t("有错的行")),
        el("a", { class: "button", href: `${base}/refused.csv`, download: true }, icon("download"), t("下载这些行"))),
      el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("有错的行") },
        el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body)));
  } catch (error) {
    fill(place, el("p", { class: "problem" }, sentence(error)));
  }
}

/** @param {string} base @param {RefusedRow} row @param {Changed} changed */
function line(base, row, changed) {
  const said = el("p", { class: "row-said", role: "status" });
  const tr = el("tr", {});
  const form = correction(row, async (cells) => {
    try {
      await ask(`${base}/refused/${row.row}`, { method: "PUT", body: cells });
      tr.classList.add("mended");
      fill(said, icon("check"), t("已导入"));
      changed(await ask(base));
      return true;
    } catch (error) {
      said.textContent = sentence(error);
      return false;
    }
  });
  tr.append(
    el("td", { class: "code" }, row.row), el("td", {}, row.column ?? "—"),
    el("td", {}, row.reason, said), el("td", {}, form));
  return tr;
}

/**
 * The cells of a row to correct: the one at fault first, the others behind "the whole row".
 * @param {RefusedRow} row @param {(cells: Record<string, string>) => Promise<boolean>} send
 */
function correction({ row, column, raw }, send) {
  const fields = new Map(Object.entries(raw).map(([name, value]) => [name, cell(row, name, value)]));
  if (column && !fields.has(column)) fields.set(column, cell(row, column, ""));
  const first = column ? fields.get(column) : null;
  const others = [...fields].filter(([name]) => name !== column);
  const rest = others.map(([name, field]) => el("label", { class: "cell" }, el("span", {}, name), field));
  const retry = el("button", { type: "submit", class: "button" }, t("再试"));
  const all = el("fieldset", {},
    el("div", { class: "fix-row" }, first, retry),
    el("details", { class: "whole", open: !column }, el("summary", {}, t("看整行")), ...rest));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const cells = Object.fromEntries([...fields].map(([name, field]) => [name, field.value]));
    all.disabled = true;
    all.disabled = await send(cells);
  };
  return el("form", { class: "fix", onsubmit: submit }, all);
}

/** @param {number} row @param {string} name @param {string | null} value */
function cell(row, name, value) {
  return el("input", { type: "text", value: value ?? "", "aria-label": t("第 {row} 行，{column}", { row, column: name }) });
}
