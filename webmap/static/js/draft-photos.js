/** The photos of a report or a step in the making: kept beside the words of it, on this device only. */

import { owner } from "./whose.js";

const NAME = "wangge-draft";
const STORE = "photos";

/** @typedef {import("./outbox.js").Enclosed} Enclosed */

/** Keep exactly these, or none. @param {Enclosed[]} photos @param {string} [about] which step they belong to; none for a report */
export async function keepPhotos(photos, about = "") {
  const store = await opened("readwrite");
  if (photos.length) store?.put({ owner: key(about), photos: photos.map(({ kind, blob }) => ({ kind, blob })) });
  else store?.delete(key(about));
}

/** What was kept for whoever is here; nothing where the browser keeps nothing. @param {string} [about] as above @returns {Promise<Enclosed[]>} */
export async function readPhotos(about = "") {
  const store = await opened("readonly");
  if (!store) return [];
  return new Promise((resolve) => {
    const asked = store.get(key(about));
    asked.onsuccess = () => resolve(asked.result?.photos ?? []);
    asked.onerror = () => resolve([]);
  });
}

/** @param {string} about */
const key = (about) => (about ? `${owner} ${about}` : owner);

/** @type {Promise<IDBDatabase | null> | null} */
let base = null;

/** @param {IDBTransactionMode} mode */
async function opened(mode) {
  base ??= open();
  return (await base)?.transaction(STORE, mode).objectStore(STORE) ?? null;
}

/** @returns {Promise<IDBDatabase | null>} */
function open() {
  return new Promise((resolve) => {
    try {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "owner" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = asked.onblocked = () => resolve(null);
    } catch {
      resolve(null); // private windows of some browsers
    }
  });
}
