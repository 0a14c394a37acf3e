/** Redrawing a community's grids: the desk, with the plan that the address or the server remembers. */

import { sentence } from "../api.js";
import { byId, fill } from "../dom.js";
import { failed } from "../facts.js";
import { Desk } from "../redraw/desk.js";
import { Draft } from "../redraw/draft.js";
import { writePlace } from "../geometry.js";
import { follow } from "./view.js";

/** @param {L.Map} map @param {{ground: string, plans: string}} settings */
export default async function start(map, settings) {
  const { community = "", login = "" } = byId("redraw").dataset;
  const draft = new Draft({ community, login, ...settings });
  const desk = new Desk(map, draft);
  follow(map);
  addEventListener("hashchange", () => follow(map));
  await open(desk);
  map.on("moveend", () => {
    const { lat, lng } = map.getCenter();
    history.replaceState(history.state, "", `${location.pathname}${location.search}${writePlace(map.getZoom(), lat, lng)}`);
  });
}

/** @param {Desk} desk */
async function open(desk) {
  try {
    await desk.draft.open();
    desk.opened();
  } catch (error) {
    fill(desk.view, failed(sentence(error), () => open(desk)));
  }
}
