/**
 * What the page is showing: the filter, the selection, what the pointer is over. The tools meet
 * here and only here. The address holds it, so that Back works and a link brings it back.
 *
 * @typedef {(typeof KINDS)[number]} Kind
 * @typedef {{kind: Kind, id: string}} Selection
 * @typedef {import("./narrowing.js").Filter} Filter
 */

import { EVERYTHING, asked, orderFor, readFilter, writeFilter } from "./narrowing.js";

const KINDS = /** @type {const} */ (["issue", "grid", "community", "street", "place", "spot"]);

class PageState extends EventTarget {
  constructor() {
    super();
    /** @type {Filter} */
    this.filter = { ...EVERYTHING };
    /** @type {Selection | null} */
    this.selection = null;
    /** The issues that the pointer or the focus is on, on the map or in the list.
     * @type {ReadonlySet<string>} */
    this.lit = new Set();
    /** Where the one lit thing lies, for those who know places only.
     * @type {{lon: number, lat: number} | null} */
    this.litAt = null;
    /** How many issues lie in a box, where the map knows all of them.
     * @type {(box: Box) => number | null} */
    this.countIn = () => null;
    this.words = "";
    this.#read();
    addEventListener("popstate", () => this.#restore());
  }

  /** Show this one thing, or nothing. @param {Selection | null} selection */
  select(selection) {
    if (same(selection, this.selection)) return;
    this.selection = selection;
    history.pushState({ inside: true }, "", this.#address());
    this.#tell("select");
  }

  /** Go back to what was shown before this selection, or to the list if it came by a link. */
  leave() {
    if (history.state?.inside) history.back();
    else this.select(null);
  }

  /** Narrow the list, which is then shown; Back undoes it. @param {Partial<Filter>} change */
  narrow(change) {
    const filter = { ...this.filter, ...change };
    filter.sort = orderFor(filter.sort, filter.state);
    const [narrowed, left] = [JSON.stringify(filter) !== JSON.stringify(this.filter), this.selection];
    if (!narrowed && !left) return;
    [this.filter, this.selection] = [filter, null];
    history.pushState(null, "", this.#address());
    if (narrowed) this.#tell("filter");
    if (left) this.#tell("select");
  }

  /** What stands in the search box, for whoever takes the address along. @param {string} words */
  type(words) {
    if (words === this.words) return;
    this.words = words;
    history.replaceState(history.state, "", this.#address());
  }

  /** Light these issues wherever they are shown.
   * @param {string[]} ids @param {{lon: number | null, lat: number | null} | null} [at] where the only one lies */
  light(ids, at = null) {
    if (ids.length === this.lit.size && ids.every((id) => this.lit.has(id))) return;
    this.lit = new Set(ids);
    const known = at !== null && at.lon !== null && at.lat !== null;
    this.litAt = known ? { lon: Number(at.lon), lat: Number(at.lat) } : null;
    this.#tell("light");
  }

  /** @param {"select" | "filter" | "light" | "data" | "drawn"} what @param {() => void} listener */
  on(what, listener) {
    this.addEventListener(what, listener);
  }

  /** The reader's own position became known. @param {{lon: number, lat: number}} position */
  arrive(position) {
    this.dispatchEvent(new CustomEvent("arrive", { detail: position }));
  }

  /** The data behind the page changed. */
  refresh() {
    this.#tell("data");
  }

  /** What stands on the map changed. */
  drawn() {
    this.#tell("drawn");
  }

  #restore() {
    const [before, filter] = [this.selection, JSON.stringify(this.filter)];
    this.#read();
    if (filter !== JSON.stringify(this.filter)) this.#tell("filter");
    if (!same(before, this.selection)) this.#tell("select");
  }

  #read() {
    const query = new URLSearchParams(location.search);
    this.filter = readFilter(query);
    this.words = query.get("q") ?? "";
    const kind = KINDS.find((one) => query.has(one));
    this.selection = kind ? { kind, id: query.get(kind) ?? "" } : null;
  }

  #address() {
    const query = new URLSearchParams(location.search);
    for (const name of [...KINDS, "q"]) query.delete(name);
    writeFilter(query, this.filter);
    if (this.words) query.set("q", this.words);
    if (this.selection) query.set(this.selection.kind, this.selection.id);
    return `${location.pathname}${query.size ? `?${query}` : ""}${location.hash}`;
  }

  /** @param {string} what */
  #tell(what) {
    this.dispatchEvent(new Event(what));
  }
}

/** @param {Selection | null} a @param {Selection | null} b */
function same(a, b) {
  return a?.kind === b?.kind && a?.id === b?.id;
}

export const page = new PageState();

/** The filter as the server reads it. */
export function wanted() {
  return asked(page.filter);
}
