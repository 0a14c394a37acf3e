/** The rows of an import that need a hand: why, and the cells to put right. */

import { ask, sentence } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { marked, said, t } from "./i18n.js";

/** @typedef {(job: ImportJob) => void} Changed */
/** @typedef {Map<string, HTMLInputElement>} Fields the cells of a row by column */

/** The table of refused rows, which fills itself. @param {ImportJob} job @param {Changed} changed */
export function refusedRows(job, changed) {
  const place = el("div", { class: "refused" }, el("p", { class: "hint" }, t("正在取有错的行……")));
  show(place, job, changed);
  return place;
}

/** @param {HTMLElement} place @param {ImportJob} job @param {Changed} changed */
async function show(place, job, changed) {
  const base = `/api/imports/${job.id}`;
  try {
    const { rows } = /** @type {{rows: RefusedRow[]}} */ (await ask(`${base}/refused`));
    const heads = [t("行"), t("列"), t("原因"), t("改成")].map((name) => el("th", { scope: "col" }, name));
    const body = el("tbody", {}, ...rows.map((row) => new Line(job, row, changed).row));
    fill(place,
      el("div", { class: "refused-head" }, el("h3", {}, t("有错的行")),
        el("a", { class: "button", href: `${base}/refused.csv`, download: true }, icon("download"), t("下载这些行"))),
      el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("有错的行") },
        el("table", {}, el("thead", {}, el("tr", {}, ...heads)), body)));
  } catch (error) {
    fill(place, el("p", { class: "problem" }, sentence(error)));
  }
}

/** One refused row: the cells at fault beside the reason, all of them below when asked for. */
class Line {
  /** @param {ImportJob} job @param {RefusedRow} refused @param {Changed} changed */
  constructor(job, refused, changed) {
    this.url = `/api/imports/${job.id}`;
    this.refused = refused;
    this.changed = changed;
    this.id = `fix-${refused.row}`;
    this.wrong = atFault(job, refused);
    /** @type {Fields} */
    this.fields = new Map();
    for (const name of this.wrong) this.fields.set(name, this.field(name));
    for (const name of Object.keys(refused.raw)) if (!this.fields.has(name)) this.fields.set(name, this.field(name));
    this.reason = el("p", {}, ...marked(refused.reason));
    this.said = el("p", { class: "row-said", role: "status" });
    this.whole = this.rest();
    this.retry = el("button", { type: "submit", class: "button" }, t("再试"));
    this.row = el("tr", {},
      el("td", { class: "code" }, refused.row), el("td", {}, said(refused.column) ?? "—"),
      el("td", {}, this.reason, this.said), el("td", {}, this.form()));
  }

  form() {
    const labelled = this.wrong.length > 1;
    const cells = this.wrong.map((name) => (labelled ? this.cell(name) : this.fields.get(name)));
    const more = el("button", { type: "button", class: "link whole", "aria-expanded": "false" }, t("看整行"));
    more.addEventListener("click", () => this.unfold(more));
    if (!this.wrong.length) queueMicrotask(() => this.unfold(more));
    const unfolding = this.whole && more;
    const parts = labelled
      ? [...cells, el("div", { class: "fix-row ends" }, unfolding, this.retry)]
      : [el("div", { class: "fix-row" }, ...cells, this.retry), unfolding];
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.send();
    };
    return el("form", { class: "fix", id: this.id, onsubmit: submit }, ...parts);
  }

  /** The cells that are not at fault, in a row of their own as wide as the table. */
  rest() {
    const others = [...this.fields.keys()].filter((name) => !this.wrong.includes(name));
    if (!others.length) return null;
    return el("tr", { class: "whole-row" }, el("td", { colspan: 4 }, el("div", { class: "cells" }, ...others.map((name) => this.cell(name)))));
  }

  /** @param {HTMLElement} more the button that asks for it */
  unfold(more) {
    const open = !this.whole?.isConnected;
    if (open && this.whole) this.row.after(this.whole);
    else this.whole?.remove();
    more.setAttribute("aria-expanded", String(open));
    more.textContent = open ? t("收起整行") : t("看整行");
  }

  /** @param {string} name */
  cell(name) {
    return el("label", { class: "cell" }, el("span", {}, said(name)), this.fields.get(name));
  }

  /** @param {string} name */
  field(name) {
    const label = t("第 {row} 行，{column}", { row: this.refused.row, column: name });
    return el("input", { type: "text", form: this.id, value: this.refused.raw[name] ?? "", "aria-label": label });
  }

  async send() {
    this.still(true);
    const cells = Object.fromEntries([...this.fields].map(([name, field]) => [name, field.value]));
    try {
      await ask(`${this.url}/refused/${this.refused.row}`, { method: "PUT", body: cells });
      this.row.classList.add("mended");
      this.whole?.remove();
      fill(this.said, icon("check"), t("已导入"));
      this.changed(await ask(this.url));
    } catch (error) {
      fill(this.said, ...marked(sentence(error)));
      if (!this.row.classList.contains("mended")) this.still(false);
    }
    this.reason.hidden = true;
  }

  /** @param {boolean} still whether nothing can be changed now */
  still(still) {
    this.retry.disabled = still;
    for (const field of this.fields.values()) field.disabled = still;
  }
}

/** The columns to put right first: of coordinates always both.
 * @param {ImportJob} job @param {RefusedRow} refused @returns {string[]} */
function atFault({ recognised_columns: columns }, { code, column }) {
  const both = code.startsWith("coordinate_") ? [columns?.x, columns?.y] : [];
  const known = both.filter((name) => name !== undefined);
  if (known.length) return known;
  return column ? [column] : [];
}
