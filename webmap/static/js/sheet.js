/** On a phone the panel is a sheet with three stops: dragged, stepped by keys, or raised by us. */

import { byId } from "./dom.js";
import { HALF_SHARE } from "./frame.js";
import { nearestStop } from "./geometry.js";
import { isOnPaper } from "./paper.js";
import { page } from "./state.js";

export const STOPS = /** @type {const} */ (["peek", "half", "full"]);
const PEEK_PX = 200;
const TAP_PX = 6;
const NARROW_PX = 720;
const ROOMY = "(width >= 1100px) and (height >= 640px)";

/** @typedef {(typeof STOPS)[number]} Stop */

const panel = () => document.getElementById("panel");

/** @param {Stop} stop */
export function settle(stop) {
  const sheet = panel();
  if (!sheet) return;
  sheet.classList.remove("dragged");
  sheet.style.height = "";
  sheet.dataset.stop = stop;
  cover();
}

/** Let at least half of the sheet be seen. */
export function raise() {
  if (panel()?.dataset.stop === "peek") settle("half");
}

/** Tell the tools how much of the map the sheet hides, and keep what it hides wholly out of reach. */
function cover() {
  const ground = document.getElementById("ground");
  if (ground) ground.inert = isSheet() && current() === "full";
  page.dispatchEvent(new Event("sheet"));
}

/** How much of the map's lower part the sheet lies on or is about to, in pixels; no more than the
 * half of it counts, since who raised it further looks at nothing else. */
export function coverage() {
  if (!panel() || !isSheet() || isOnPaper()) return 0;
  const most = heights()[1];
  return Math.min(heights()[STOPS.indexOf(current())], most);
}

/** Whether there is room for the legend beside everything else. */
export function isRoomy() {
  return matchMedia(ROOMY).matches;
}

/** Whether the panel is a sheet now, and not a column. */
export function isSheet() {
  return innerWidth < NARROW_PX;
}

/** @returns {Stop} */
function current() {
  const stop = panel()?.dataset.stop;
  return STOPS.find((one) => one === stop) ?? "half";
}

function heights() {
  const room = panel()?.parentElement?.clientHeight ?? 0;
  return [PEEK_PX, room * HALF_SHARE, room - 8];
}

/** @param {number} step */
function move(step) {
  const next = Math.min(2, Math.max(0, STOPS.indexOf(current()) + step));
  settle(STOPS[next]);
}

/** Make the handle work. */
export function startSheet() {
  const grip = byId("grip", HTMLButtonElement);
  settle("half");
  addEventListener("resize", cover);
  grip.addEventListener("keydown", (event) => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    move(step);
  });
  grip.addEventListener("click", (event) => {
    if (event.detail === 0) settle(STOPS[(STOPS.indexOf(current()) + 1) % STOPS.length]);
  });
  grip.addEventListener("pointerdown", (event) => drag(grip, event));
}

/** @param {HTMLElement} grip @param {PointerEvent} down */
function drag(grip, down) {
  const sheet = panel();
  if (!sheet) return;
  const from = sheet.getBoundingClientRect().height;
  const done = new AbortController();
  let last = { y: down.clientY, at: down.timeStamp, speed: 0 };
  grip.setPointerCapture(down.pointerId);
  sheet.classList.add("dragged");
  const follow = (/** @type {PointerEvent} */ event) => {
    const speed = (last.y - event.clientY) / Math.max(1, event.timeStamp - last.at);
    last = { y: event.clientY, at: event.timeStamp, speed };
    sheet.style.height = `${Math.max(PEEK_PX, Math.min(heights()[2], from + down.clientY - event.clientY))}px`;
  };
  const drop = (/** @type {PointerEvent} */ event) => {
    done.abort();
    const moved = down.clientY - event.clientY;
    if (event.type === "pointercancel") settle(current());
    else if (Math.abs(moved) < TAP_PX) settle(STOPS[(STOPS.indexOf(current()) + 1) % STOPS.length]);
    else settle(STOPS[nearestStop(from + moved, last.speed, heights())]);
  };
  const { signal } = done;
  grip.addEventListener("pointermove", follow, { signal });
  grip.addEventListener("pointerup", drop, { signal });
  grip.addEventListener("pointercancel", drop, { signal });
}
