/** Asking the server: JSON in, JSON out, and a plain sentence when it does not work out. */

import { fetched } from "./early.js";
import { lang, t } from "./i18n.js";
import { forgetMine } from "./kept-mine.js";
import { question } from "./question.js";

const UNKNOWN = 401;
const SERVER_FAILED = 500;
const PATIENCE_MS = 20_000;
let waiting = 0;

/** Tells of each `answer` of the server, also of a refusal. */
export const answers = new EventTarget();

/** Whether no question waits for its answer. */
export function isQuiet() {
  return waiting === 0;
}

/** The server's refusal, or its silence; `message` can be shown as it is. */
export class Refusal extends Error {
  /** @param {string} message @param {{code: string, status?: number, facts?: any}} about */
  constructor(message, { code, status = 0, facts = {} }) {
    super(message);
    this.code = code;
    this.status = status;
    this.facts = facts;
  }
}

/**
 * @typedef {{
 *   params?: Record<string, string | number | null | undefined>,
 *   method?: string, body?: unknown, signal?: AbortSignal,
 * }} Question
 */

/**
 * What the server answers to this question.
 * @param {string} path @param {Question} [question]
 * @returns {Promise<any>}
 */
export async function ask(path, { params = {}, method, body, signal } = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  const leave = () => patience.abort();
  signal?.addEventListener("abort", leave);
  waiting++;
  try {
    const answer = await asked(address(path, params), { ...sent(method, body), signal: patience.signal });
    if (answer.status < SERVER_FAILED) answers.dispatchEvent(new Event("answer"));
    return await read(answer);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (signal?.aborted) throw new Refusal("", { code: "superseded" });
    throw unreachable();
  } finally {
    waiting--;
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
}

/**
 * Ask so that only the newest question counts: an older one under way is given up, and
 * answers nothing.
 */
export function newest() {
  /** @type {AbortController | null} */
  let current = null;
  /** @param {string} path @param {Question} [question] @returns {Promise<any>} */
  return async (path, question = {}) => {
    current?.abort();
    const mine = (current = new AbortController());
    try {
      const answer = await ask(path, { ...question, signal: mine.signal });
      return mine.signal.aborted ? undefined : answer;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    }
  };
}

/** What to tell people about this error. @param {unknown} error */
export function sentence(error) {
  return error instanceof Refusal && error.message ? error.message : unreachable().message;
}

/** The address with its parameters, and the language where it is not the usual one.
 * @param {string} path @param {Question["params"]} [params] */
export function address(path, params = {}) {
  return question(path, params, lang);
}

/** The refusal that an answer's text tells of. @param {number} status @param {string} text */
export function refusal(status, text) {
  const told = parsed(text);
  if (status === UNKNOWN) forgetMine();
  return new Refusal(told.title || told.detail || t("服务没有办成这件事，请稍后再试。"), {
    code: told.code || `http_${status}`,
    status,
    facts: told.facts || {},
  });
}

export function unreachable() {
  return new Refusal(t("暂时连不上服务。请检查网络，稍后再试。"), { code: "unreachable" });
}

/** The JSON of an answer. Raises its refusal. @param {Response} answer */
export async function read(answer) {
  const text = await answer.text();
  if (!answer.ok) throw refusal(answer.status, text);
  return text ? JSON.parse(text) : null;
}

/** What has no body and changes nothing may be under way already. @param {string} url @param {RequestInit} how */
function asked(url, how) {
  return how.method === "GET" ? fetched(url, how) : fetch(url, how);
}

/** @param {string | undefined} method @param {unknown} body @returns {RequestInit} */
function sent(method, body) {
  if (body === undefined) return { method: method || "GET" };
  const headers = { "Content-Type": "application/json" };
  return { method: method || "POST", headers, body: JSON.stringify(body) };
}

/** @param {string} text */
function parsed(text) {
  try {
    const told = JSON.parse(text);
    return told && typeof told === "object" ? told : {};
  } catch {
    return {};
  }
}
