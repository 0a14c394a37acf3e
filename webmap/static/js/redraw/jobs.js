/** The ways of redrawing that are picked, drawn and accepted: `job.js` leads through each. */

import { t } from "../i18n.js";
import { polygons } from "./standing.js";

/** @typedef {import("./job.js").Way} Way @typedef {[number, number]} Place */

/** A drawn ring as an intent holds an area. @param {Place[]} ring */
const area = (ring) => [[[...ring, ring[0]]]];
const basic = (/** @type {import("./standing.js").Grid} */ { kind }) => kind === "basic";

/** @type {Way} */
export const SPLIT = {
  name: "split",
  title: () => t("拆分网格"),
  icon: "split",
  picks: [() => t("点一下要拆分的网格，或在下面选。")],
  draws: "line",
  streets: true,
  intent: ([grid], line) => ({ op: "split", grid, line }),
  confirm: () => t("确认拆分"),
  done: () => t("网格已拆分。"),
};

/** @type {Way} */
export const MERGE = {
  name: "merge",
  title: () => t("合并网格"),
  icon: "merge",
  picks: [() => t("点一下第一个网格，它的编码会保留。"), () => t("再点旁边要并进来的网格。")],
  besides: true,
  least: true,
  intent: ([into, other]) => ({ op: "merge", grids: [into, other], into }),
  confirm: () => t("确认合并"),
  done: () => t("网格已合并。"),
};

/** @type {Way} */
export const FILL = {
  name: "fill",
  title: () => t("填补空白"),
  icon: "fill",
  picks: [],
  draws: "spot",
  ask: () => t("点一下没有划入网格的地（斜线），它会划给紧挨着的网格。"),
  intent: (_picked, [spot], { desk }) => ({ op: "fill", community: desk.draft.community, spot }),
  confirm: () => t("确认划入"),
  done: () => t("空白已填补。"),
};

/** @type {Way[]} */
export const ADVANCED = [
  {
    name: "fill-to",
    title: () => t("把空白划给指定的网格"),
    icon: "fill",
    picks: [() => t("选接收的网格。")],
    draws: "spot",
    ask: () => t("点一下没有划入网格的地（斜线）。"),
    intent: ([to], [spot], { desk }) => ({ op: "fill", community: desk.draft.community, spot, to }),
    confirm: () => t("确认划入"),
    done: () => t("空白已填补。"),
  },
  {
    name: "carve",
    title: () => t("圈出专属网格"),
    icon: "carve",
    picks: [],
    draws: "area",
    ask: () => t("沿学校、医院或市场的边，一点一点圈一圈（也可以按住画一圈），圈完按“画完了”。"),
    intent: (_picked, ring) => ({ op: "carve", area: area(ring), kind: "dedicated" }),
    confirm: () => t("确认设立"),
    done: () => t("专属网格已设立。"),
  },
  {
    name: "give",
    title: () => t("移交一块地"),
    icon: "hand",
    picks: [() => t("选接收的网格。")],
    draws: "area",
    ask: () => t("在地图上圈出要划过去的地，圈完按“画完了”。"),
    intent: ([to], ring) => ({ op: "give", area: area(ring), to }),
    confirm: () => t("确认移交"),
    done: () => t("地已移交。"),
  },
  {
    name: "reshape",
    title: () => t("移动一段边界"),
    icon: "border",
    picks: [() => t("选边界一边的网格。"), () => t("再选另一边的网格。")],
    draws: "line",
    besides: true,
    ask: () => t("画出新的边界：起点和终点都要落在现在的边界上。"),
    intent: ([grid, other], line) => ({ op: "reshape", grid, other, line }),
    confirm: () => t("确认移动"),
    done: () => t("边界已移动。"),
  },
  {
    name: "retire",
    title: () => t("裁撤网格，地分给邻居"),
    icon: "merge",
    picks: [() => t("选要裁撤的网格。")],
    intent: ([grid]) => ({ op: "retire", grid }),
    confirm: () => t("确认裁撤"),
    done: () => t("网格已裁撤。"),
  },
  {
    name: "close",
    title: () => t("裁撤网格，地暂不划入"),
    icon: "close",
    picks: [() => t("选要裁撤的网格。")],
    intent: ([grid]) => ({ op: "close", grid }),
    confirm: () => t("确认裁撤"),
    done: () => t("网格已裁撤，它的地还没有划入别的网格。"),
  },
  {
    name: "restore",
    title: () => t("把网格恢复成现在的样子"),
    icon: "undo",
    picks: [() => t("选要恢复的网格（只列出这次改过的）。")],
    fits: ({ changed, isNew }) => changed && !isNew,
    intent: ([grid], _drawn, { desk }) => ({ op: "restore", grids: [kept(desk.draft, grid)] }),
    confirm: () => t("确认恢复"),
    done: () => t("网格已恢复。"),
  },
];

/** A grid as it is at present. @param {import("./draft.js").Draft} draft @param {string} code */
function kept({ scene, community }, code) {
  const found = scene?.grids.find(({ properties }) => properties.code === code);
  if (!found) return null;
  const parts = polygons(found.geometry);
  const kind = basic(/** @type {any} */ ({ kind: found.properties.kind })) ? "basic" : "dedicated";
  return { code, community, kind, multipart: parts.length > 1, area: parts.map(({ coordinates }) => coordinates) };
}
