/**
 * Starts the tools that the page names, each with its map and its settings. All of them are there
 * before the first starts, and they start in the page's order and in one go: else what a late one
 * brings would push aside what an early one has put on the screen.
 */

import { t } from "./i18n.js";
import { showNotice } from "./notice.js";

const places = /** @type {NodeListOf<HTMLTemplateElement>} */ (document.querySelectorAll("template[data-tool]"));

/** @param {HTMLTemplateElement} place @param {PromiseSettledResult<any>} arrived */
async function start({ dataset: { map = "", settings = "{}" } }, arrived) {
  if (arrived.status === "rejected") throw arrived.reason;
  const leaflet = /** @type {any} */ (window)[map];
  return arrived.value.default(leaflet, JSON.parse(settings));
}

const tools = await Promise.allSettled([...places].map(({ dataset }) => import(`./tools/${dataset.tool}.js`)));
const started = await Promise.allSettled([...places].map((place, index) => start(place, tools[index])));
if (started.some((one) => one.status === "rejected")) {
  showNotice(t("页面有一部分没有打开，请刷新再试。"));
}
document.documentElement.dataset.ready = "";
