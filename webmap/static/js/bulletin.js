/** The form of a notice: the pin, where there is one, goes along with it. */

import { ask } from "./api.js";
import { byId, fill, icon } from "./dom.js";
import { said, t, woven } from "./i18n.js";
import { place } from "./place.js";

const [lon, lat] = ["lon", "lat"].map((id) => byId(id, HTMLInputElement));
const spot = byId("spot");
const area = byId("where", HTMLSelectElement);
const none = byId("no-spot", HTMLButtonElement);

/** What the pin says, in words and in the form. */
function show() {
  const at = place.current;
  lon.value = at ? String(at.lon) : "";
  lat.value = at ? String(at.lat) : "";
  none.hidden = !at;
  spot.classList.toggle("wrong", at?.inside === false);
  if (!at) return fill(spot);
  if (at.inside === false) return fill(spot, icon("alert"), t("这个位置不在本区范围内，请在地图上重新点。"));
  fill(spot, icon("pin"), ...woven(t("选定：{place}"), { place: said(at.label) }));
}

none.addEventListener("click", () => place.set(null, "form"));
/** The map shows the ground that the notice is for, until a pin stands on it. */
async function look() {
  const [tier, code] = (area.selectedOptions[0]?.dataset.ground ?? "").split("/");
  if (!code || place.current) return;
  const told = await ask(`/api/${tier}/${encodeURIComponent(code)}`).catch(() => null);
  if (told?.bbox && !place.current && area.value === code) place.look({ bbox: told.bbox });
}

area.addEventListener("change", look);
if (lon.value && lat.value) place.set({ lon: Number(lon.value), lat: Number(lat.value), label: t("地图上选的点") }, "form");
place.on(show);
show();
look();
