/* global STATIC */
/**
 * Keeps one page at hand for a dead network: /report or /my-grid, each with a worker of its own.
 * What is kept is fetched without the browser's cookies, so that it is nobody's; all that is
 * somebody's is asked of the server, or is not there. STATIC is the address of our files as they are
 * now, which the server puts in front: with new files there is a new worker.
 */

const worker = /** @type {any} */ (self);
const path = new URL(worker.registration.scope).pathname;
const shell = `${path}/offline`;
const shelf = `wangge ${path} ${STATIC}`;
const LANGUAGES = ["zh", "en"];
const LINK = /(?:href|src)="(\/(?:static|maps|texts)\/[^"#?]+(?:\?[^"#]*)?)/g;
const OURS = /^\/(static|maps|texts)\//;
const PATIENCE_MS = 12_000;
const AWAY = new Set([502, 503, 504]);

/** @param {string} url */
function asked(url) {
  return new Request(url, { credentials: "omit" });
}

async function layUp() {
  const cache = await caches.open(shelf);
  const files = new Set();
  for (const lang of LANGUAGES) {
    const url = `${shell}?lang=${lang}`;
    const page = await fetch(asked(url));
    if (!page.ok || page.redirected) throw new Error("no page to lay up");
    for (const [, file] of (await page.clone().text()).matchAll(LINK)) files.add(file);
    await cache.put(url, page);
  }
  await cache.addAll([...files].map(asked));
}

async function clear() {
  for (const old of await caches.keys()) {
    if (old.startsWith(`wangge ${path} `) && old !== shelf) await caches.delete(old);
  }
  await worker.clients.claim();
}

/** The page from the network, else as it was laid up. @param {Request} request */
async function page(request) {
  const late = new Promise((_, give) => setTimeout(() => give(new Error("late")), PATIENCE_MS));
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (!AWAY.has(answer.status)) return answer;
  } catch {
    // no network, or one that does not answer
  }
  return (await kept(`${shell}?lang=${await language(request)}`)) ?? Response.error();
}

/** @param {Request} request */
async function language({ url }) {
  const told = new URL(url).searchParams.get("lang") ?? (await worker.cookieStore?.get("lang"))?.value;
  return LANGUAGES.includes(told) ? told : LANGUAGES[0];
}

/** Files bear their version in their address; the catalogue does not. @param {Request} request */
async function file(request) {
  if (!new URL(request.url).pathname.startsWith("/texts/")) return (await kept(request)) ?? fetch(request);
  return fetch(request).catch(async () => (await kept(request)) ?? Response.error());
}

/** @param {RequestInfo} what */
async function kept(what) {
  return (await caches.open(shelf)).match(what, { ignoreVary: true });
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(layUp().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(clear()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === path) event.respondWith(page(request));
  } else if (OURS.test(url.pathname)) event.respondWith(file(request));
});
