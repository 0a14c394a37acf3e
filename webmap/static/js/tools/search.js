/** Finding a place by its address, in the bar. */

import { byId } from "../dom.js";
import { positionOf } from "../facts.js";
import { wideZoom } from "../place.js";
import { page } from "../state.js";
import { Suggest } from "../suggest.js";
import { centre } from "./view.js";

const NEAR = 18;

/** @param {L.Map} map @param {{url: string}} settings */
export default function start(map, { url }) {
  const field = byId("search-text", HTMLInputElement);
  /** @param {Match} match */
  const choose = ({ lon, lat, precision }) => {
    const wide = wideZoom(precision);
    page.select(wide ? null : { kind: "place", id: positionOf({ lon, lat }) });
    centre(map, lat, lon, wide ?? NEAR);
  };
  const suggest = new Suggest({ field, list: byId("search-results"), url, choose });
  byId("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    await suggest.look();
    suggest.take(0);
  });
}
