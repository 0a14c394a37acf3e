/** The form of a new service station: its fields and the pin on the map tell each other. */

import { byId } from "./dom.js";
import { t } from "./i18n.js";
import { place } from "./place.js";

const lon = byId("lon", HTMLInputElement);
const lat = byId("lat", HTMLInputElement);
const where = byId("where");

place.on((by) => {
  const here = place.current;
  if (!here) return;
  if (by === "map") {
    lon.value = here.lon.toFixed(6);
    lat.value = here.lat.toFixed(6);
  }
  where.textContent = here.inside === false ? t("这个位置不在本区") : here.label;
});

/** Put the pin where the fields say. */
function typed() {
  const [x, y] = [Number(lon.value), Number(lat.value)];
  if (lon.value.trim() && lat.value.trim() && Number.isFinite(x) && Number.isFinite(y)) place.set({ lon: x, lat: y, label: "" }, "form");
}

[lon, lat].forEach((field) => field.addEventListener("change", typed));
typed();
