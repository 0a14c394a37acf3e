/** Starts the tools that the page names, each with its map and its settings. */

import { showNotice } from "./notice.js";
import { t } from "./i18n.js";

/** @param {HTMLTemplateElement} place */
async function start(place) {
  const { tool = "", map = "", settings = "{}" } = place.dataset;
  const module = await import(`./tools/${tool}.js`);
  const leaflet = /** @type {any} */ (window)[map];
  return module.default(leaflet, JSON.parse(settings));
}

const places = /** @type {NodeListOf<HTMLTemplateElement>} */ (document.querySelectorAll("template[data-tool]"));
const started = await Promise.allSettled([...places].map(start));
if (started.some((one) => one.status === "rejected")) {
  showNotice(t("页面有一部分没有打开，请刷新再试。"));
}
document.documentElement.dataset.ready = "";
