/** A quiet look for vector tiles whose scheme we do not know: areas, lines and names. */

import { FACE, trace, width } from "./cartography.js";
import { palette } from "./palette.js";

/** @typedef {{geomType: number, props: Record<string, any>}} Thing */
/** @typedef {import("./cartography.js").Lines} Lines */

const [POINT, LINE, AREA] = [1, 2, 3];

/** What a thing seems to be, by the name of its layer or its kind, in English or in Chinese. */
const SEEMS = {
  water: /water|river|lake|canal|stream|ocean|\u6c34|\u6cb3|\u6e56/i,
  green: /park|green|forest|wood|grass|garden|\u7eff|\u6797|\u8349/i,
  house: /build|house|\u5efa\u7b51|\u697c|\u623f/i,
};
const LARGE = /motorway|trunk|primary|arterial|bridge|highway|major/i;
const MIDDLE = /secondary|tertiary|medium/i;
const NAMES = ["name", "name:zh", "name_zh", "NAME", "Name", "\u540d\u79f0"];

/** The things of a tile under our own few layers. @param {Map<string, Thing[]>} tile */
export function sorted(tile) {
  /** @type {Map<string, Thing[]>} */
  const found = new Map(["area", "green", "water", "house", "stream", "way", "place"].map((name) => [name, []]));
  for (const [layer, things] of tile) {
    for (const thing of things) found.get(place(layer, thing))?.push(thing);
  }
  return found;
}

/** @param {string} layer @param {Thing} thing */
function place(layer, { geomType, props }) {
  if (geomType === POINT) return "place";
  const said = `${layer} ${kind(props)}`;
  const seems = Object.entries(SEEMS).find(([, pattern]) => pattern.test(said))?.[0];
  if (geomType === LINE) return seems === "water" ? "stream" : "way";
  return geomType === AREA ? (seems ?? "area") : "place";
}

/** @param {Record<string, any>} props */
function kind(props) {
  return [props.kind, props.class, props.fclass, props.type, props.highway].filter(Boolean).join(" ");
}

/** What is painted, from the bottom up. */
export function genericPaint() {
  return [
    area("area", "plaza"),
    area("green", "green"),
    area("water", "water"),
    line("stream", "water", 0),
    line("way", "roadEdge", 1.6),
    line("way", "road", 0),
    area("house", "building"),
  ];
}

/** Which names are written, the weightier first. */
export function genericLabels() {
  const common = { labelProps: NAMES, stroke: () => palette().halo, width: 3 };
  const centred = new protomapsL.CenteredTextSymbolizer({ ...common, fill: () => palette().text, font: `500 12px ${FACE}` });
  const along = new protomapsL.LineLabelSymbolizer({ ...common, fill: () => palette().roadText, font: `500 12px ${FACE}`, repeatDistance: 420 });
  return [
    { dataLayer: "place", minzoom: 12, symbolizer: centred },
    { dataLayer: "way", minzoom: 14, symbolizer: along },
    { dataLayer: "water", minzoom: 13, symbolizer: centred },
    { dataLayer: "green", minzoom: 16, symbolizer: centred },
    { dataLayer: "area", minzoom: 16, symbolizer: centred },
  ];
}

/** @param {string} dataLayer @param {"plaza" | "green" | "water" | "building"} colour */
function area(dataLayer, colour) {
  return { dataLayer, symbolizer: new protomapsL.PolygonSymbolizer({ fill: () => palette()[colour] }) };
}

/** @param {string} dataLayer @param {"water" | "road" | "roadEdge"} colour @param {number} extra pixels on both sides together */
function line(dataLayer, colour, extra) {
  const symbolizer = {
    /** @param {CanvasRenderingContext2D} ink @param {Lines} lines @param {number} zoom @param {Thing} thing */
    draw(ink, lines, zoom, { props }) {
      const said = kind(props);
      const rank = LARGE.test(said) ? "arterial" : MIDDLE.test(said) ? "secondary" : "lane";
      ink.globalAlpha = 1;
      ink.lineCap = ink.lineJoin = "round";
      ink.strokeStyle = palette()[colour];
      ink.lineWidth = Math.max(1, width(rank, zoom)) + extra;
      trace(ink, lines);
      ink.stroke();
    },
  };
  return { dataLayer, symbolizer };
}
