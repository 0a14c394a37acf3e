/** How the base map looks: what is painted in which order, and which names are written. */

import { inked } from "./building-ink.js";
import { hatching, palette } from "./palette.js";

export const FACE = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", system-ui, sans-serif';

/** Road widths in pixels at zoom 13, 15, 17 and 19, by kind.
 * @type {Record<string, number[]>} */
const WIDTHS = {
  arterial: [2.4, 6, 14, 30],
  bridge: [2.4, 6, 14, 30],
  secondary: [1.2, 3.6, 9, 20],
  lane: [0, 1.6, 5, 12],
};

/** @typedef {{props: Record<string, any>}} Thing */
/** @typedef {{x: number, y: number}[][]} Lines */

/** The width of a road in pixels. @param {string} kind @param {number} zoom */
export function width(kind, zoom) {
  const steps = WIDTHS[kind] ?? WIDTHS.lane;
  const at = Math.min(3, Math.max(0, (zoom - 13) / 2));
  const low = Math.floor(at);
  const high = Math.min(3, low + 1);
  return steps[low] + (steps[high] - steps[low]) * (at - low);
}

/** @param {"water" | "green" | "plaza" | "buildings"} layer @param {(colours: import("./palette.js").Palette) => string} colour */
function area(layer, colour) {
  return { dataLayer: layer, symbolizer: new protomapsL.PolygonSymbolizer({ fill: () => colour(palette()) }) };
}

/** @param {number} extra pixels on both sides together @param {"road" | "roadEdge"} colour @param {string[]} kinds */
function roads(extra, colour, kinds) {
  const symbolizer = {
    /** @param {CanvasRenderingContext2D} ink @param {Lines} lines @param {number} zoom @param {Thing} road */
    draw(ink, lines, zoom, road) {
      const wide = width(road.props.kind, zoom);
      if (wide <= 0) return;
      ink.globalAlpha = 1;
      ink.lineCap = ink.lineJoin = "round";
      ink.strokeStyle = palette()[colour];
      ink.lineWidth = wide + extra;
      trace(ink, lines);
      ink.stroke();
    },
  };
  return {
    dataLayer: "roads",
    symbolizer,
    filter: (/** @type {number} */ _zoom, /** @type {Thing} */ road) => kinds.includes(road.props.kind),
  };
}

/** Start a path along these lines. @param {CanvasRenderingContext2D} ink @param {Lines} lines */
export function trace(ink, lines) {
  ink.beginPath();
  for (const line of lines) {
    line.forEach((point, i) => (i ? ink.lineTo(point.x, point.y) : ink.moveTo(point.x, point.y)));
  }
}

/** Courtyards: the ground that some buildings share. */
function courtyards() {
  return {
    ...area("buildings", (colours) => colours.courtyard),
    minzoom: 14,
    filter: (/** @type {number} */ _zoom, /** @type {Thing} */ { props }) => props.kind === "courtyard",
  };
}

/**
 * Buildings: filled by party group, hatched where there is none, or as a tool of the page wants it.
 * @param {() => boolean} coloured whether to show the groups
 * @param {number} opacity less than 1 over a map of others, which has buildings of its own
 */
function buildings(coloured, opacity) {
  const symbolizer = {
    /** @param {CanvasRenderingContext2D} ink @param {Lines} lines @param {number} zoom @param {Thing} building */
    draw(ink, lines, zoom, building) {
      if (opacity < 1 && !coloured()) return;
      const colours = palette();
      const group = Number(building.props.colour ?? -1);
      const told = coloured() ? inked(building.props) : null;
      ink.globalAlpha = opacity;
      ink.fillStyle = colours.building;
      if (told) ink.fillStyle = told;
      else if (coloured()) ink.fillStyle = group < 0 ? hatched(ink) : colours.groups[group % colours.groups.length];
      trace(ink, lines);
      ink.fill();
      ink.globalAlpha = 1;
      if (zoom < 16 && (!told || told === colours.building)) return;
      ink.strokeStyle = colours.buildingEdge;
      ink.lineWidth = 0.8;
      ink.stroke();
    },
  };
  return {
    dataLayer: "buildings",
    minzoom: 14,
    symbolizer,
    filter: (/** @type {number} */ _zoom, /** @type {Thing} */ { props }) => props.kind !== "courtyard",
  };
}

/** @type {Map<string, CanvasPattern>} */
const patterns = new Map();

/** @param {CanvasRenderingContext2D} ink @returns {CanvasPattern | string} */
function hatched(ink) {
  const { hatch, building } = palette();
  const known = patterns.get(building);
  if (known) return known;
  const made = ink.createPattern(hatching(hatch, building), "repeat");
  if (made) patterns.set(building, made);
  return made ?? building;
}

/** What is painted, from the bottom up. @param {() => boolean} coloured */
export function paintRules(coloured) {
  const large = ["arterial", "secondary"];
  return [
    area("green", (colours) => colours.green),
    area("plaza", (colours) => colours.plaza),
    area("water", (colours) => colours.water),
    courtyards(),
    roads(1.6, "roadEdge", ["lane"]),
    roads(1.8, "roadEdge", large),
    roads(0, "road", ["lane"]),
    roads(0, "road", large),
    buildings(coloured, 1),
    roads(2.4, "roadEdge", ["bridge"]),
    roads(0, "road", ["bridge"]),
  ];
}

/** What is painted of ours where the ground is not ours: the buildings.
 * @param {() => boolean} coloured @param {number} opacity */
export function paintRulesOver(coloured, opacity) {
  return [buildings(coloured, opacity)];
}

/** Which of our names are written where the ground is not ours. */
export function labelRulesOver() {
  return [
    placeNames(),
    areaNames("buildings", 18, written("500 11px", "text", 3), { kept: (kind) => kind !== "courtyard" }),
  ];
}

/** Which names are written, the weightier first. */
export function labelRules() {
  return [
    areaNames("water", 12, written("italic 500 13px", "waterText", 3), { wide: 140 }),
    placeNames(),
    streetNames(["arterial", "bridge"], 13, 13),
    streetNames(["secondary"], 15, 12),
    streetNames(["lane"], 17, 11.5),
    areaNames("green", 14, written("500 11.5px", "greenText", 3), { wide: 90, to: 16 }),
    areaNames("buildings", 17, written("500 12px", "text", 3), { wide: 90, kept: (kind) => kind === "courtyard" }),
    areaNames("buildings", 18, written("500 11px", "text"), { kept: (kind) => kind !== "courtyard" }),
  ];
}

/** The names of schools, parks and the like. */
function placeNames() {
  return { dataLayer: "places", minzoom: 17, symbolizer: written("500 12px", "text", 3) };
}

/** @param {string[]} kinds @param {number} from the smallest zoom @param {number} type pixels */
function streetNames(kinds, from, type) {
  return {
    dataLayer: "roads",
    minzoom: from,
    filter: (/** @type {number} */ _zoom, /** @type {Thing} */ road) => kinds.includes(road.props.kind),
    symbolizer: new protomapsL.LineLabelSymbolizer({
      labelProps: ["name"],
      fill: () => palette().roadText,
      stroke: () => palette().halo,
      width: 3.5,
      position: 2,
      font: `500 ${type}px ${FACE}`,
      repeatDistance: 420,
    }),
  };
}

/** @param {string} type @param {"text" | "waterText" | "greenText"} colour @param {number} [width] of the halo */
function written(type, colour, width = 0) {
  return new protomapsL.CenteredTextSymbolizer({
    labelProps: ["name"], fill: () => palette()[colour], stroke: () => palette().halo, width, font: `${type} ${FACE}`, lineHeight: 1.3,
  });
}

/** The name of an area in the middle of what the tile has of it, where there is room.
 * @param {string} layer @param {number} from @param {any} text @param {{wide?: number, to?: number, kept?: (kind: string) => boolean}} [how]
 *   `wide`: as many pixels as the area must be wide; `to`: the largest zoom; `kept`: of which kinds */
function areaNames(layer, from, text, { wide = 0, to = 30, kept = () => true } = {}) {
  const symbolizer = {
    /** @param {any} layout @param {Lines} shape @param {Thing} area */
    place(layout, shape, area) {
      const { middle, width } = spanOf(shape);
      if (!area.props.name || width < wide || !holdsMiddle(shape, middle)) return undefined;
      const labels = text.place(layout, [[middle]], area);
      return labels?.map((/** @type {object} */ label) => ({ ...label, deduplicationKey: `${layer} ${area.props.name}`, deduplicationDistance: Math.max(60, wide * 4) }));
    },
  };
  return {
    dataLayer: layer, minzoom: from, maxzoom: to, symbolizer,
    filter: (/** @type {number} */ _zoom, /** @type {Thing} */ { props }) => kept(props.kind),
  };
}

/** Whether a point lies within the rings of an area, by the crossings of a line to the east of it;
 * what winds may leave its own middle outside. @param {Lines} rings @param {{x: number, y: number}} at */
function holdsMiddle(rings, { x, y }) {
  const crossed = rings.flatMap((ring) => ring.filter((a, i) => {
    const b = ring[(i + 1) % ring.length];
    return a.y > y !== b.y > y && x < a.x + ((b.x - a.x) * (y - a.y)) / (b.y - a.y);
  }));
  return crossed.length % 2 === 1;
}

/** @param {Lines} shape */
function spanOf(shape) {
  const [xs, ys] = [shape.flat().map(({ x }) => x), shape.flat().map(({ y }) => y)];
  const half = (/** @type {number[]} */ all) => (Math.min(...all) + Math.max(...all)) / 2;
  const [x, y] = [half(xs), half(ys)];
  const dist = (/** @type {{x: number, y: number}} */ other) => Math.hypot(other.x - x, other.y - y);
  return { middle: { x, y, dist }, width: Math.max(...xs) - Math.min(...xs) };
}
