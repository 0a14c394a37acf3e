/**
 * What was written and could not be sent yet: kept in this browser, sent once when the network is
 * back. Each letter bears a key of its own by which the server knows it again, so that one whose
 * answer was lost is not counted twice.
 *
 * @typedef {{kind: string, blob: Blob, id?: string}} Enclosed
 * @typedef {{key: string, url: string, body: Record<string, any>, photos: Enclosed[], about: string, label: string, wrong?: string, owner: string}} Letter
 */

import { keepReport } from "./kept-reports.js";
import { keepSent } from "./sent-later.js";
import { owner } from "./whose.js";
import { ask, read, Refusal, sentence, unreachable } from "./api.js";

const NAME = "wangge-outbox";
const STORE = "letters";
const AGAIN_MS = 15_000;
const SOON_MS = 2_000;
const KEEP = new Set([0, 401, 408, 429, 500, 502, 503, 504, 507]);

/** A key that nobody guesses: 128 random bits in hexadecimal. */
export function freshKey() {
  const drawn = crypto.getRandomValues(new Uint8Array(16));
  return [...drawn].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Outbox extends EventTarget {
  /** @type {Letter[]} */
  letters = [];
  /** @type {Promise<IDBDatabase | null> | null} */
  store = null;
  sending = false;
  /** Keys of letters that are on their way for the first time. @type {Set<string>} */
  leaving = new Set();
  /** Whether the server wants to know who sends: the session has ended. */
  asksWho = false;

  constructor() {
    super();
    addEventListener("online", () => {
      this.flush();
      setTimeout(() => this.flush(), SOON_MS); // a network that has just come back fails once more
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.flush());
    setInterval(() => this.letters.length && this.flush(), AGAIN_MS);
    this.ready = this.load();
  }

  async load() {
    const store = await this.opened();
    const kept = store ? await done(store.transaction(STORE).objectStore(STORE).getAll()) : [];
    const known = new Set(this.letters.map(({ key }) => key));
    this.letters.push(.../** @type {Letter[]} */ (kept ?? []).filter((letter) => letter.owner === owner && !known.has(letter.key)));
    this.tell();
    this.flush();
  }

  /**
   * Send a letter now, or keep it until that works. Gives the server's answer, or null where it
   * waits. Raises the Refusal of a letter that the server does not take.
   * @param {Omit<Letter, "owner" | "wrong">} written @returns {Promise<any>}
   */
  async send(written) {
    const letter = { ...written, owner };
    this.leaving.add(letter.key);
    await this.keep(letter);
    try {
      const answer = await posted(letter);
      await this.drop(letter);
      return answer;
    } catch (error) {
      this.leaving.delete(letter.key);
      if (waits(error)) return this.waitFor(error);
      await this.drop(letter);
      throw error;
    }
  }

  /** What waits for the network about one thing. @param {string} about */
  waiting(about) {
    return this.letters.filter((letter) => letter.about === about && !letter.wrong && !this.leaving.has(letter.key));
  }

  /** Send what waits, in order, until the network fails. */
  async flush() {
    if (this.sending || navigator.onLine === false) return;
    this.sending = true;
    for (const letter of [...this.letters]) {
      if (letter.wrong) continue;
      try {
        const answer = await posted(letter);
        if (letter.about === "report" && answer.code) {
          keepSent({ url: answer.url, code: answer.code, label: answer.category_name, at: new Date().toISOString() });
        }
        await this.drop(letter);
        this.dispatchEvent(new CustomEvent("sent", { detail: { letter, answer } }));
      } catch (error) {
        if (waits(error)) {
          this.waitFor(error);
          break;
        }
        letter.wrong = sentence(error);
        await this.keep(letter);
      }
    }
    this.sending = false;
  }

  /** @param {unknown} error @returns {null} */
  waitFor(error) {
    this.asksWho = error instanceof Refusal && error.status === 401;
    this.tell();
    return null;
  }

  /** @param {Letter} letter */
  async keep(letter) {
    if (!this.letters.some(({ key }) => key === letter.key)) this.letters.push(letter);
    const store = await this.opened();
    if (store) await done(store.transaction(STORE, "readwrite").objectStore(STORE).put(letter));
    this.tell();
  }

  /** @param {Letter} letter */
  async drop(letter) {
    this.leaving.delete(letter.key);
    this.letters = this.letters.filter(({ key }) => key !== letter.key);
    const store = await this.opened();
    if (store) await done(store.transaction(STORE, "readwrite").objectStore(STORE).delete(letter.key));
    this.tell();
  }

  tell() {
    this.dispatchEvent(new Event("change"));
  }

  opened() {
    this.store ??= open();
    return this.store;
  }
}

/** @param {unknown} error whether a letter is kept after it */
function waits(error) {
  return error instanceof Refusal && KEEP.has(error.status);
}

/** Its photos first, each once; then the letter itself. @param {Letter} letter */
async function posted(letter) {
  for (const photo of letter.photos) photo.id ??= await uploaded(photo.blob);
  const photos = letter.photos.map(({ id, kind }) => ({ id, kind }));
  const answer = await ask(letter.url, { body: { ...letter.body, key: letter.key, ...(photos.length && { photos }) } });
  if (letter.about === "report" && answer.code) {
    keepReport({ url: `${answer.url}#${answer.code}`, label: answer.category_name, at: answer.reported_at });
  }
  return answer;
}

/** @param {Blob} blob @returns {Promise<string>} */
export async function uploaded(blob) {
  return (await takenIn(blob)).id;
}

/** What the server says of a photo: its number, and where it was taken. @param {Blob} blob
 * @returns {Promise<{id: string, place: {lon: number, lat: number} | null}>} */
export async function takenIn(blob) {
  const form = new FormData();
  form.append("file", blob, "photo");
  let answer;
  try {
    answer = await fetch("/api/photos", { method: "POST", body: form });
  } catch {
    throw unreachable();
  }
  return read(answer);
}

/** @returns {Promise<IDBDatabase | null>} null where the browser keeps nothing */
function open() {
  return new Promise((resolve) => {
    try {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = asked.onblocked = () => resolve(null);
    } catch {
      resolve(null); // private windows of some browsers
    }
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T | null>} */
function done(request) {
  return new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  });
}

export const outbox = new Outbox();
