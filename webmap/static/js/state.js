/**
 * What the page is showing: the filter, the selection, what the pointer is over. The tools meet
 * here and only here. The address holds it, so that Back works and a link brings it back.
 *
 * @typedef {{kind: "issue" | "grid" | "place" | "spot", id: string}} Selection
 * @typedef {{state: string, category: string}} Filter
 */

const KINDS = /** @type {const} */ (["issue", "grid", "place", "spot"]);
export const STATES = ["open", "escalated", "closed", "unplaced", "all"];

class PageState extends EventTarget {
  constructor() {
    super();
    /** @type {Filter} */
    this.filter = { state: "open", category: "" };
    /** @type {Selection | null} */
    this.selection = null;
    /** @type {string | null} */
    this.lit = null;
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

  /** @param {Partial<Filter>} change */
  narrow(change) {
    this.filter = { ...this.filter, ...change };
    history.replaceState(history.state, "", this.#address());
    this.#tell("filter");
  }

  /** Light one issue wherever it is shown. @param {string | null} id */
  light(id) {
    if (id === this.lit) return;
    this.lit = id;
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
    const state = query.get("state") ?? "";
    this.filter = { state: STATES.includes(state) ? state : "open", category: query.get("category") ?? "" };
    const kind = KINDS.find((one) => query.has(one));
    this.selection = kind ? { kind, id: query.get(kind) ?? "" } : null;
  }

  #address() {
    const query = new URLSearchParams(location.search);
    for (const name of [...KINDS, "state", "category"]) query.delete(name);
    if (this.filter.state !== "open") query.set("state", this.filter.state);
    if (this.filter.category) query.set("category", this.filter.category);
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

/** The filter as the server reads it. @returns {{state: string, category: string}} */
export function wanted() {
  const { state, category } = page.filter;
  return { state: state === "all" ? "" : state, category };
}
