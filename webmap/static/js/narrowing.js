/**
 * Which issues are wanted, between the page's address and the server. Pure.
 *
 * @typedef {"" | "today" | "7d" | "30d" | "year"} Period
 * @typedef {{
 *   state: string, category: string, area: string, period: Period, since: string, until: string,
 *   overdue: boolean, import: string,
 * }} Filter `area` is a kind and a code, street-610902001; days are written 2026-11-23; `import` is
 *   the number of the import that they came with
 */

export const STATES = ["open", "escalated", "closed", "unplaced", "all"];
export const PERIODS = /** @type {const} */ (["today", "7d", "30d", "year"]);
export const AREAS = /** @type {const} */ (["street", "community", "grid"]);

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^[1-9]\d{0,8}$/;
const NAMES = ["state", "category", "area", "period", "since", "until", "overdue", "import"];

/** @type {Readonly<Filter>} */
export const EVERYTHING = { state: "open", category: "", area: "", period: "", since: "", until: "", overdue: false, import: "" };

/** The filter of an address; what is no filter of ours is left out.
 * @param {URLSearchParams} query @returns {Filter} */
export function readFilter(query) {
  const said = (/** @type {string} */ name) => query.get(name) ?? "";
  const period = PERIODS.find((one) => one === said("period")) ?? "";
  const day = (/** @type {string} */ name) => (!period && DAY.test(said(name)) ? said(name) : "");
  return {
    state: STATES.includes(said("state")) ? said("state") : EVERYTHING.state,
    category: said("category"),
    area: areaOf(said("area")) ? said("area") : "",
    period,
    since: day("since"),
    until: day("until"),
    overdue: said("overdue") === "true",
    import: NUMBER.test(said("import")) ? said("import") : "",
  };
}

/** Write a filter into an address, without what goes without saying.
 * @param {URLSearchParams} query @param {Filter} filter */
export function writeFilter(query, filter) {
  for (const name of NAMES) query.delete(name);
  for (const [name, value] of Object.entries(filter)) {
    if (value && value !== /** @type {any} */ (EVERYTHING)[name]) query.set(name, String(value));
  }
}

/** The kind and the code of an area, or nothing. @param {string} area */
export function areaOf(area) {
  const [, word, code] = /^([a-z]+)-([0-9A-Za-z_-]{1,20})$/.exec(area) ?? [];
  const kind = AREAS.find((one) => one === word);
  return kind ? { kind, code } : null;
}

/** The filter as the server reads it; what is empty is not asked for. @param {Filter} filter */
export function asked({ state, category, area, period, since, until, overdue, import: file }) {
  const within = areaOf(area);
  return {
    state: state === "all" ? "" : state,
    category,
    period,
    since,
    until,
    overdue: overdue ? "true" : "",
    import: file,
    ...(within && { [within.kind]: within.code }),
  };
}

/** The same filter with nothing narrowed but the state. @param {Filter} filter @returns {Filter} */
export function cleared({ state }) {
  return { ...EVERYTHING, state };
}

/** Whether anything but the state is narrowed. @param {Filter} filter */
export function isNarrow(filter) {
  return ["category", "area", "period", "since", "until", "overdue", "import"].some((name) => Boolean(/** @type {any} */ (filter)[name]));
}

/** Whether the days are the wrong way round. @param {{since: string, until: string}} days */
export function isBackwards({ since, until }) {
  return Boolean(since && until && since > until);
}
