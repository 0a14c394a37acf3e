/** A field that offers places while one types: a combobox with its list. */

import { newest, sentence } from "./api.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";

const REST_MS = 220;
const SLOW_MS = 400;

/** @template {{label: string}} M what the server offers */
export class Suggest {
  /**
   * @param {{
   *   field: HTMLInputElement, list: HTMLElement, url: string, choose: (match: M) => void,
   *   row: (match: M) => import("./dom.js").Child[], most?: number, none?: string,
   *   asked?: (words: string) => void,
   * }} parts
   */
  constructor({ field, list, url, choose, row, most = 6, none = t("没有找到。换个写法，或在地图上点一下。"), asked }) {
    this.field = field;
    this.list = list;
    this.url = url;
    this.choose = choose;
    this.row = row;
    this.most = most;
    this.none = none;
    this.asked = asked;
    this.ask = newest();
    this.timer = 0;
    this.at = -1;
    /** @type {M[]} */
    this.matches = [];
    field.addEventListener("input", (event) => isComposing(event) || this.soon());
    field.addEventListener("compositionend", () => this.soon());
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => setTimeout(() => this.close(), 150));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), REST_MS);
  }

  /** Ask for places now. @returns {Promise<M[]>} */
  async look() {
    clearTimeout(this.timer);
    const q = this.field.value.trim();
    this.asked?.(q);
    if (!q) return this.close();
    const slow = setTimeout(() => this.say(t("正在找……")), SLOW_MS);
    try {
      const answer = await this.ask(this.url, { params: { q, limit: this.most } });
      if (answer) this.show(answer.matches);
    } catch (error) {
      this.say(sentence(error));
    } finally {
      clearTimeout(slow);
    }
    return this.matches;
  }

  /** @param {M[]} matches */
  show(matches) {
    this.matches = matches;
    this.at = -1;
    if (!matches.length) return this.say(this.none);
    fill(this.list, ...matches.map((match, i) => this.option(match, i)));
    this.open(true);
  }

  /** @param {M} match @param {number} i */
  option(match, i) {
    const id = `${this.list.id}-${i}`;
    const take = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.take(i);
    };
    return el("li", { id, role: "option", "aria-selected": "false", onpointerdown: (/** @type {Event} */ event) => event.preventDefault(), onclick: take },
      ...this.row(match));
  }

  /** @param {string} text */
  say(text) {
    this.matches = [];
    fill(this.list, el("li", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, text));
    this.open(true);
  }

  /** @param {boolean} open */
  open(open) {
    this.list.hidden = !open;
    this.field.setAttribute("aria-expanded", String(open));
    if (!open) this.field.removeAttribute("aria-activedescendant");
  }

  /** @returns {M[]} */
  close() {
    clearTimeout(this.timer);
    this.matches = [];
    this.open(false);
    return [];
  }

  /** @param {number} i */
  take(i) {
    const match = this.matches[i];
    if (!match) return;
    this.field.value = match.label;
    this.close();
    this.choose(match);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.matches.length) {
      event.preventDefault();
      return this.move(step);
    }
    if (event.key === "Escape") this.close();
    if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      this.take(this.at);
    }
  }

  /** @param {number} step */
  move(step) {
    const size = this.matches.length;
    this.at = (this.at + step + size) % size;
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }
}

/** Whether letters are still on their way to become characters, and mean nothing yet. @param {Event} event */
function isComposing(event) {
  return event instanceof InputEvent && event.isComposing;
}
