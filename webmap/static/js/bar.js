/** The bar on every page: its menu on small screens, and the change of language. */

import { byId } from "./dom.js";
import { tellPlanNews } from "./plan-news.js";
import { watchOwner } from "./whose.js";

const YEAR_S = 365 * 24 * 3600;
const menu = byId("menu");
const button = byId("menu-button");
const language = byId("language", HTMLAnchorElement);

/** @param {boolean} open */
function show(open) {
  menu.classList.toggle("open", open);
  button.setAttribute("aria-expanded", String(open));
}

button.addEventListener("click", () => show(!menu.classList.contains("open")));
document.addEventListener("click", (event) => {
  const inside = event.target instanceof Node && (menu.contains(event.target) || button.contains(event.target));
  if (!inside) show(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu.classList.contains("open")) return;
  show(false);
  button.focus();
});

language.addEventListener("click", () => {
  const chosen = language.dataset.lang ?? "zh";
  document.cookie = `lang=${chosen}; path=/; max-age=${YEAR_S}; samesite=lax`;
  const here = new URL(location.href);
  here.searchParams.set("lang", chosen);
  language.href = here.href;
});

watchOwner();
tellPlanNews();
