/**
 * Which issues are wanted, between the page's address and the server. Pure.
 *
 * @typedef {"" | "today" | "7d" | "30d" | "year"} Period
 * @typedef {{
 *   state: string, category: string, area: string, period: Period, since: string, until: string,
 *   overdue: boolean, soon: boolean, import: string, status: string, channel: string,
 *   handler: string, supervision: string, words: string, sort: string,
 *   fresh: boolean, due_since: string, due_until: string, outcome: string,
 *   done_since: string, done_until: string, nowhere: boolean,
 * }} Filter `area` is a kind and a code, street-610902001; days are written 2026-11-23; `import` is
 *   the number of the import that they came with; `words` must stand in the text or address;
 *   `sort` is the order of the list, the one thing here that narrows nothing
 */

export const STATES = ["open", "escalated", "closed", "unplaced", "all"];
export const PERIODS = /** @type {const} */ (["today", "7d", "30d", "year"]);
export const AREAS = /** @type {const} */ (["street", "community", "grid"]);

export const ORDERS = ["newest", "oldest", "due", "kind", "grid", "near"];
/** Orders that only what is open has. */
export const OPEN_ORDERS = ["due", "near"];

const WORD = /^[0-9A-Za-z_-]{1,20}$/;
const LONGEST = 60;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NUMBER = /^[1-9]\d{0,8}$/;
const NARROWING = ["category", "area", "period", "since", "until", "overdue", "soon", "import", "status", "channel", "handler", "supervision", "words", "fresh", "due_since", "due_until", "outcome", "done_since", "done_until", "nowhere"];
const NAMES = ["state", ...NARROWING, "sort"];

/** @type {Readonly<Filter>} */
export const EVERYTHING = { state: "open", category: "", area: "", period: "", since: "", until: "", overdue: false, soon: false, import: "", status: "", channel: "", handler: "", supervision: "", words: "", fresh: false, due_since: "", due_until: "", outcome: "", done_since: "", done_until: "", nowhere: false, sort: "newest" };

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
    soon: said("soon") === "true",
    fresh: said("fresh") === "true",
    due_since: DAY.test(said("due_since")) ? said("due_since") : "",
    due_until: DAY.test(said("due_until")) ? said("due_until") : "",
    done_since: DAY.test(said("done_since")) ? said("done_since") : "",
    done_until: DAY.test(said("done_until")) ? said("done_until") : "",
    nowhere: said("nowhere") === "true",
    ...plain(said),
    import: NUMBER.test(said("import")) ? said("import") : "",
  };
}

/** What is one word of the server's, or words of the reader's. @param {(name: string) => string} said */
function plain(said) {
  const word = (/** @type {string} */ name) => (WORD.test(said(name)) ? said(name) : "");
  const state = STATES.includes(said("state")) ? said("state") : EVERYTHING.state;
  const sort = ORDERS.includes(said("sort")) ? said("sort") : EVERYTHING.sort;
  return {
    ...{ status: word("status"), channel: word("channel"), supervision: word("supervision"), outcome: word("outcome") },
    ...{ handler: said("handler").slice(0, LONGEST), words: said("words").slice(0, LONGEST).trim() },
    sort: orderFor(sort, state),
  };
}

/** The order, where a state has it; else the newest first. @param {string} sort @param {string} state */
export function orderFor(sort, state) {
  const has = ["open", "escalated"].includes(state) || !OPEN_ORDERS.includes(sort);
  return has ? sort : EVERYTHING.sort;
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
export function asked({ state, category, area, period, since, until, overdue, soon, import: file, status, channel, handler, supervision, words, fresh, due_since, due_until, outcome, done_since, done_until, nowhere }) {
  const within = areaOf(area);
  return {
    state: state === "all" ? "" : state,
    category,
    period,
    since,
    until,
    overdue: overdue ? "true" : "",
    soon: soon ? "true" : "",
    import: file,
    fresh: fresh ? "true" : "",
    nowhere: nowhere ? "true" : "",
    ...{ status, channel, handler, supervision, words, due_since, due_until, outcome, done_since, done_until },
    ...(within && { [within.kind]: within.code }),
  };
}

/** The same filter with nothing narrowed but the state. @param {Filter} filter @returns {Filter} */
export function cleared({ state, sort }) {
  return { ...EVERYTHING, state, sort };
}

/** Whether anything but the state is narrowed. @param {Filter} filter */
export function isNarrow(filter) {
  return NARROWING.some((name) => Boolean(/** @type {any} */ (filter)[name]));
}

/** Whether the days are the wrong way round. @param {{since: string, until: string}} days */
export function isBackwards({ since, until }) {
  return Boolean(since && until && since > until);
}
