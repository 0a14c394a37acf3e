/** Finding a place by its address, in the bar. */

import { byId } from "../dom.js";
import { positionOf } from "../facts.js";
import { page } from "../state.js";
import { Suggest } from "../suggest.js";

const NEAR = 18;
const WIDE = 15;

/** @param {L.Map} map @param {{url: string}} settings */
export default function start(map, { url }) {
  const field = byId("search-text", HTMLInputElement);
  /** @param {Match} match */
  const choose = ({ lon, lat, precision }) => {
    const zoom = precision === "community" ? WIDE : NEAR;
    map.setView([lat, lon], zoom);
    page.select({ kind: "place", id: positionOf({ lon, lat }) });
  };
  const suggest = new Suggest({ field, list: byId("search-results"), url, choose });
  byId("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    await suggest.look();
    suggest.take(0);
  });
}
