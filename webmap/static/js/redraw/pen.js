/** Drawing on the map: by clicks (or Enter under the cross), or by dragging; never both at once. */

const DRAG_PX = 8;
const AFTER_DRAG_MS = 350;
const FREE_PX = 6;

/** @typedef {[number, number]} Place */
/**
 * @typedef {{
 *   click: (at: Place) => void, hover?: (at: Place) => void,
 *   drag?: {start: (at: Place) => void, move: (at: Place) => void, end: (at: Place) => void},
 * }} Hand what follows the pointer; without `drag` the map is dragged as ever
 */

export class Pen {
  /** @param {L.Map} map @param {Hand} hand */
  constructor(map, hand) {
    this.map = map;
    this.hand = hand;
    this.over = new AbortController();
    this.draggedAt = -Infinity;
    this.clicked = (/** @type {L.LeafletMouseEvent} */ { latlng }) => {
      if (performance.now() - this.draggedAt > AFTER_DRAG_MS) hand.click([latlng.lng, latlng.lat]);
    };
    map.on("click", this.clicked);
    const container = map.getContainer();
    const { signal } = this.over;
    if (hand.hover) map.getContainer().addEventListener("pointermove", (event) => hand.hover?.(this.#place(event)), { signal });
    if (!hand.drag) return;
    map.dragging.disable();
    map.doubleClickZoom.disable();
    container.classList.add("drawing");
    container.addEventListener("pointerdown", (event) => this.#down(event), { signal });
  }

  /** Put the pen down. */
  stop() {
    this.over.abort();
    this.map.off("click", this.clicked);
    this.map.dragging.enable();
    this.map.doubleClickZoom.enable();
    this.map.getContainer().classList.remove("drawing");
  }

  /** @param {PointerEvent} down */
  #down(down) {
    const onMap = down.target instanceof Element && down.target.closest(".leaflet-pane, .leaflet-container") && !down.target.closest(".corner");
    if (!down.isPrimary || down.button !== 0 || !onMap) return;
    const done = new AbortController();
    const { signal } = done;
    let moved = false;
    const move = (/** @type {PointerEvent} */ event) => {
      if (!event.isPrimary) return;
      if (!moved && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < DRAG_PX) return;
      if (!moved) this.hand.drag?.start(this.#place(down));
      moved = true;
      this.hand.drag?.move(this.#place(event));
    };
    const up = (/** @type {PointerEvent} */ event) => {
      done.abort();
      if (!moved) return;
      this.draggedAt = performance.now();
      this.hand.drag?.end(this.#place(event));
    };
    addEventListener("pointermove", move, { signal });
    addEventListener("pointerup", up, { signal });
    addEventListener("pointercancel", () => done.abort(), { signal });
    // A second finger zooms. The press that began this drag has yet to reach the window.
    addEventListener("pointerdown", (event) => event !== down && done.abort(), { signal });
  }

  /** @param {PointerEvent} event @returns {Place} */
  #place(event) {
    const { lng, lat } = this.map.mouseEventToLatLng(event);
    return [lng, lat];
  }
}

/** A way that a hand has drawn, without the points that a few pixels make.
 * @param {L.Map} map @param {Place[]} places @returns {Place[]} */
export function thinnedWay(map, places) {
  /** @type {Place[]} */
  const kept = [];
  for (const place of places) {
    const last = kept[kept.length - 1];
    if (!last || pixels(map, last, place) >= FREE_PX) kept.push(place);
  }
  return kept.length > 400 ? kept.filter((_place, i) => i % Math.ceil(kept.length / 400) === 0) : kept;
}

/** @param {L.Map} map @param {Place} a @param {Place} b */
export function pixels(map, a, b) {
  const [one, other] = [a, b].map(([lng, lat]) => map.latLngToContainerPoint([lat, lng]));
  return one.distanceTo(other);
}

/** So many pixels as degrees of latitude, where the map stands. @param {L.Map} map @param {number} px */
export function degrees(map, px) {
  const { x, y } = map.getSize();
  const [a, b] = [map.containerPointToLatLng([x / 2, y / 2]), map.containerPointToLatLng([x / 2, y / 2 + px])];
  return Math.abs(a.lat - b.lat);
}
