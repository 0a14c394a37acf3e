/** The bar on every page: its menus, folded into one on small screens, and the change of language. */

import { tellArrivals } from "./arrivals.js";
import { byId } from "./dom.js";
import { sendFormsOnce } from "./once.js";
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
const heads = [...menu.querySelectorAll(".menu-head")].filter((head) => head instanceof HTMLElement);

/** Opens one group of pages, or none, and closes the others. @param {HTMLElement | null} head */
function unfold(head) {
  for (const one of heads) one.setAttribute("aria-expanded", String(one === head));
}

const unfolded = () => heads.find((head) => head.getAttribute("aria-expanded") === "true") ?? null;

for (const head of heads) {
  const group = head.closest(".menu-group");
  head.addEventListener("click", () => unfold(unfolded() === head ? null : head));
  head.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    unfold(head);
    group?.querySelector("a")?.focus();
  });
}
document.addEventListener("focusin", ({ target }) => {
  const head = unfolded();
  if (head && target instanceof Node && !head.closest(".menu-group")?.contains(target)) unfold(null);
});
document.addEventListener("click", ({ target }) => {
  if (target instanceof Element && !target.closest(".menu-group")) unfold(null);
});
document.addEventListener("keydown", (event) => {
  const head = unfolded();
  if (event.key !== "Escape" || !head) return;
  unfold(null);
  head.focus();
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
tellArrivals();
tellPlanNews();
sendFormsOnce();
