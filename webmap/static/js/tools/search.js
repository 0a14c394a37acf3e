/** Finding whatever has a name, in the bar. */

import { byId } from "../dom.js";
import { hitRow } from "../hits.js";
import { t } from "../i18n.js";
import { wideZoom } from "../place.js";
import { page } from "../state.js";
import { Suggest } from "../suggest.js";
import { bringBoxIntoView, centre } from "./view.js";

const NEAR = 18;
const NEAR_AREA = 17;
const MOST = 8;

/** @param {L.Map} map @param {{url: string}} settings */
export default function start(map, { url }) {
  const field = byId("search-text", HTMLInputElement);
  const choose = (/** @type {Hit} */ hit) => {
    page.type("");
    show(map, hit);
  };
  const suggest = new Suggest({
    field,
    list: byId("search-results"),
    url,
    choose,
    row: hitRow,
    most: MOST,
    asked: (words) => page.type(words),
    none: t("没有找到。换个写法，比如小区名、路名加门牌号、网格编号或工单编号。"),
  });
  byId("search").addEventListener("submit", async (event) => {
    event.preventDefault();
    const [best] = await suggest.look();
    if (best?.missing) suggest.move(1);
    else suggest.take(0);
  });
  if (page.words) search(suggest, page.words);
}

/** Do the search that the address asks for; the one thing that it names is opened at once.
 * @param {Suggest<Hit>} suggest @param {string} words */
async function search(suggest, words) {
  suggest.field.value = words;
  const [best, ...others] = await suggest.look();
  if (best?.rank === 0 && others.every(({ rank }) => rank > 0)) suggest.take(0);
  else suggest.field.focus({ preventScroll: true });
}

/** Open what was found; the panel brings areas and issues into view, the rest is done here.
 * @param {L.Map} map @param {Hit} hit */
function show(map, { opens, lon, lat, bbox, precision }) {
  const before = page.selection;
  page.select(opens);
  const changed = page.selection !== before;
  if (bbox && !(opens && changed)) bringBoxIntoView(map, bbox, NEAR_AREA);
  const point = lon !== null && lat !== null;
  if (point && (opens?.kind === "place" || !opens || !changed)) centre(map, lat, lon, wideZoom(precision ?? "") ?? NEAR);
}
