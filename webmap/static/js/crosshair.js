/** Choosing without a pointer: while the map has the focus of the keyboard a cross marks its open
 * middle, and Enter is a click there. */

import { svg } from "./dom.js";
import { coverage } from "./sheet.js";
import { page } from "./state.js";

const ARM = 15;

/** @param {L.Map} map */
export function startCrosshair(map) {
  const container = map.getContainer();
  const arms = svg("path", { d: `M0 ${-ARM}V-4M0 4V${ARM}M${-ARM} 0H-4M4 0H${ARM}` });
  const cross = svg("svg", { class: "crosshair", viewBox: "-18 -18 36 36", "aria-hidden": "true" }, arms.cloneNode(true), arms);
  const put = () => cross.style.setProperty("top", `${middle(map).y}px`);
  container.append(cross);
  put();
  map.on("resize", put);
  container.addEventListener("focus", put);
  page.addEventListener("sheet", put);
  container.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== container) return;
    event.preventDefault();
    put();
    map.fire("click", { latlng: map.containerPointToLatLng(middle(map)) });
  });
}

/** The middle of what no sheet covers. @param {L.Map} map */
function middle(map) {
  const { x, y } = map.getSize();
  return L.point(x / 2, (y - coverage()) / 2);
}
