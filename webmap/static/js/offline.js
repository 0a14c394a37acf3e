/** Keeps this page at hand for a dead network; one that was kept says so until the network is back, or anything came through. */

import { answers } from "./api.js";

/** @param {string} path of the page, below which nothing else is kept */
export function keepAtHand(path) {
  const back = () => document.getElementById("laid-up")?.remove();
  addEventListener("online", back);
  answers.addEventListener("answer", back);
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  const settings = /** @type {RegistrationOptions} */ ({ scope: path, updateViaCache: "none" });
  navigator.serviceWorker.register("/offline-worker.js", settings).catch(() => {
    // the page works without, as long as there is a network
  });
}
