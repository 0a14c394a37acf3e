/** Keeps this page at hand for a dead network, and says so when it is one that was kept. */

import { showNotice } from "./notice.js";
import { t } from "./i18n.js";

/** @param {string} path of the page, below which nothing else is kept */
export function keepAtHand(path) {
  if ("laidUp" in document.documentElement.dataset) showNotice(t("现在没有网络。可以照常写，写好的会存在这台设备上，有网络时自动送出。"));
  if (!isSecureContext || !("serviceWorker" in navigator)) return;
  const settings = /** @type {RegistrationOptions} */ ({ scope: path, updateViaCache: "none" });
  navigator.serviceWorker.register("/offline-worker.js", settings).catch(() => {
    // the page works without, as long as there is a network
  });
}
