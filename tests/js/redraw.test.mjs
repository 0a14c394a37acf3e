import assert from "node:assert/strict";
import { test } from "node:test";

import { between } from "../../webmap/static/js/redraw/between.js";
import { beside, byGrid, outOfBand } from "../../webmap/static/js/redraw/foreseeing.js";
import { halvingLine, halvingLines } from "../../webmap/static/js/redraw/halving.js";
import { common, gridsAsked, isOther, leftWith, unlike } from "../../webmap/static/js/redraw/reckoning.js";
import { joined, nearestOn, sidesOf, snapped, streetsThrough, way } from "../../webmap/static/js/redraw/snapping.js";
import { changes, merged, staying } from "../../webmap/static/js/redraw/suggested.js";
import { adjoins, flaws, handedOver, inMapWords, judged, numberOf, standing } from "../../webmap/static/js/redraw/standing.js";

const square = (west, south, east, north) => ({ type: "Polygon", coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] });
const house = (id, x, y, households, grid, more = {}) => ({
  id, code: `h${id}`, name: "", address: `${id}号`, households, grid, cut: false, group: null, group_name: null, group_grid: null,
  door: [x, y], outline: square(x - 0.0001, y - 0.0001, x + 0.0001, y + 0.0001).coordinates, ...more,
});
const ground = (code, geometry, label) => ({ type: "Feature", geometry, properties: { code, name: code, kind: "basic", label } });
const WEST = square(0, 0, 0.004, 0.002);
const EAST = square(0.004, 0, 0.008, 0.002);
const scene = {
  name: "", norm: 300, band: [200, 500], uncovered: [], beside: [], roads: [],
  grids: [ground("g001", WEST, [0.002, 0.001]), ground("g002", EAST, [0.006, 0.001])],
  courtyards: [],
  buildings: [house(1, 0.001, 0.001, 350, "g001"), house(2, 0.003, 0.001, 250, "g001"), house(3, 0.006, 0.001, 220, "g002")],
};
const drawn = {
  steps: 1, handed: [],
  cells: { features: [
    { type: "Feature", geometry: square(0, 0, 0.002, 0.002), properties: { code: "g001", will_be: "g001", kind: "basic" } },
    { type: "Feature", geometry: square(0.002, 0, 0.004, 0.002), properties: { code: "g+001", will_be: "g003", kind: "basic" } },
  ] },
  preview: { before: {}, after: { g001: { households: 350 }, g003: { households: 250 } }, new: ["g003"], retired: [], issues: [], buildings: [{ id: 2, before: "g001", after: "g003" }], cut: ["h1"], courtyards: [], astride: [] },
};

test("without a plan the grids stand as they are, with the households of their doors", () => {
  const { grids, homes } = standing(scene, null);
  assert.deepEqual(grids.map(({ code, households, changed }) => [code, households, changed]), [["g001", 600, false], ["g002", 220, false]]);
  assert.equal(homes.get(3), "g002");
});

test("a plan's cells lie over the present ones, and buildings follow", () => {
  const { grids, homes, cut } = standing(scene, drawn);
  assert.deepEqual(grids.map(({ named, households, was, isNew }) => [named, households, was, isNew]), [["g001", 350, 600, false], ["g002", 220, 220, false], ["g003", 250, null, true]]);
  assert.equal(homes.get(2), "g+001");
  assert.deepEqual([...cut], ["h1"]);
});

test("what is not right is listed by weight: too many before cut, and gone once it is mended", () => {
  assert.deepEqual(flaws(scene, standing(scene, null)).map(({ kind }) => kind), ["above"]);
  assert.deepEqual(flaws(scene, standing(scene, drawn)).map(({ kind }) => kind), ["cut"]);
});

test("a group with a building in a foreign grid lies astride", () => {
  const away = { ...scene, buildings: [...scene.buildings, house(4, 0.007, 0.001, 0, "g002", { group: 7, group_name: "一组", group_grid: "g001" })] };
  const found = flaws(away, standing(away, null)).filter(({ kind }) => kind === "astride");
  assert.deepEqual(found.map(({ name, count, houses }) => [name, count, houses.map(({ id }) => id)]), [["一组", 1, [4]]]);
});

test("a grid that only got a vertex or a crumb is not changed, one with other figures is", () => {
  const figures = (more) => ({ area_m2: 1000, compactness: 0.7, pieces: 1, buildings: 2, households: 600, residents: 9, groups: 1, members: 3, workers: 1, open_issues: 0, ...more });
  const noded = (more) => ({ ...drawn, cells: { features: [{ type: "Feature", geometry: WEST, properties: { code: "g001", will_be: "g001", kind: "basic" } }] }, preview: { ...drawn.preview, before: { g001: figures({}) }, after: { g001: figures(more) }, new: [], buildings: [], cut: [] } });
  const changed = (more) => standing(scene, noded(more)).grids.find(({ code }) => code === "g001").changed;
  assert.deepEqual([changed({ area_m2: 1004 }), changed({ area_m2: 1100 }), changed({ residents: 8 })], [false, true, true]);
});

test("open ground is one problem with all that stands on it, and no group lies astride over it", () => {
  const open = { ...scene, uncovered: [square(0.008, 0, 0.012, 0.002)], buildings: [...scene.buildings, house(5, 0.01, 0.001, 40, null, { group: 1, group_name: "一组", group_grid: "g001" }), house(6, 0.011, 0.001, 30, null)] };
  const found = flaws(open, standing(open, null)).filter(({ kind }) => kind !== "above");
  assert.deepEqual(found.map(({ kind, houses }) => [kind, houses?.map(({ id }) => id)]), [["open", [5, 6]]]);
});

test("the norm proposes how many grids, and the band between how many", () => {
  assert.deepEqual(gridsAsked(scene), { all: 820, norm: 3, least: 2, most: 4 });
});

test("a plan's name is taken once", () => {
  const numbered = (n) => `调整（${n}）`;
  assert.equal(unlike("调整", [], numbered), "调整");
  assert.equal(unlike("调整", ["调整", "调整（2）"], numbered), "调整（3）");
});

test("what all addresses begin with is not said again, up to the name of an area", () => {
  assert.equal(common(["汉滨区老城街道大桥路1号", "汉滨区老城街道大桥路12号"]), "汉滨区老城街道");
  assert.equal(common(["大桥路1号", "兴安路2号"]), "");
});

test("grids taken alone leave a warning with whom they make too small", () => {
  const taken = { type: "Feature", geometry: { type: "MultiPolygon", coordinates: [square(0.002, 0, 0.008, 0.002).coordinates] }, properties: { code: "g002", households: 470 } };
  const now = standing({ ...scene, band: [400, 500] }, null);
  assert.equal(isOther(taken, now), true);
  assert.equal(leftWith({ ...scene, band: [400, 500] }, now, [taken], new Set([0])).length, 1);
  assert.equal(leftWith(scene, now, [taken], new Set([0])).length, 0);
});

const suggested = (code, shape, households, taken = []) => ({ type: "Feature", geometry: { type: "MultiPolygon", coordinates: [shape.coordinates] }, properties: { code, households, taken } });

test("what a suggestion changes is told by whom it takes from, what changes most first", () => {
  const [a, b, c] = [square(0, 0, 0.002, 0.002), square(0.002, 0, 0.004, 0.002), EAST];
  const found = changes([suggested("g002", c, 220), suggested("g001", a, 350), suggested(null, b, 250, [{ code: "g001", houses: 1, households: 250 }])], standing(scene, null));
  assert.deepEqual(found.map(({ index, moved }) => [index, moved]), [[1, 250], [2, 250]]);
  assert.deepEqual(found[0].gives, [{ code: null, houses: 1, households: 250 }]);
  assert.equal(found[1].was, null);
});

test("a locked grid stays beside a suggestion, and one whose ground went to another is no more", () => {
  const now = standing(scene, null);
  assert.deepEqual(staying([suggested("g001", WEST, 600)], now).map(({ code }) => code), ["g002"]);
  const all = [suggested("g001", square(0, 0, 0.008, 0.002), 820, [{ code: "g002", houses: 1, households: 220 }])];
  assert.deepEqual(staying(all, now), []);
  assert.deepEqual(merged(all, now).map(({ grid, gives }) => [grid.code, gives[0].code]), [["g002", "g001"]]);
});

test("households are told before anybody is asked", () => {
  const rows = handedOver(scene, standing(scene, null), new Set(["h2", "h3"]), "g002");
  assert.deepEqual(rows.map(({ grid, before, after }) => [grid.code, before, after]), [["g002", 220, 470], ["g001", 600, 350]]);
});

test("the band includes its ends, and numbers are as people call them", () => {
  assert.deepEqual([199, 200, 500, 501].map((one) => judged(one, [200, 500])), ["below", "within", "within", "above"]);
  assert.deepEqual(["610902001009001", "610902001009117", "x"].map(numberOf), ["01", "117", "x"]);
});

test("a refusal names grids as the map does, in either language", () => {
  const grids = [{ code: "610902001003+001", named: "610902001003015" }, { code: "610902001009001", named: "610902001009001" }];
  const zh = (grid, code) => (grid?.code.includes("+") ? `新网格 ${numberOf(grid.named)}` : code.includes("+") ? "新网格" : `${numberOf(code)} 网格`);
  const en = (grid, code) => `grid ${numberOf(grid?.named ?? code)}`;
  assert.equal(inMapWords("够不到网格 610902001003+001。请去掉", grids, zh, ["新网格", "网格"]), "够不到新网格 15。请去掉");
  assert.equal(inMapWords("线停在网格 610902001009001 里面", grids, zh, ["新网格", "网格"]), "线停在 01 网格里面");
  assert.equal(inMapWords("这样网格 610902001003+001 就没有地了", grids, zh, ["新网格", "网格"]), "这样新网格 15 就没有地了");
  assert.equal(inMapWords("新网格 610902001003+009 太小", grids, zh, ["新网格", "网格"]), "新网格太小");
  assert.equal(inMapWords("（610902001009001、610902001009117）", grids, zh, ["新网格", "网格"]), "（01 网格、117 网格）");
  assert.equal(inMapWords("The line stops inside grid 610902001009001, 3 m short", grids, en, ["New grid", "Grid"]), "The line stops inside grid 01, 3 m short");
  assert.equal(inMapWords("Sorry, grid 610902001009001.", grids, en, ["Grid"]), "Sorry, grid 01.");
  assert.equal(inMapWords("Ground short of grid 610902001003+001 is left", grids, en, ["New grid", "Grid"]), "Ground short of grid 15 is left");
});

test("grids adjoin along a border, not in a corner", () => {
  assert.ok(adjoins(WEST, EAST));
  assert.ok(!adjoins(WEST, square(0.004, 0.002, 0.008, 0.004)));
  assert.ok(adjoins(WEST, square(0.004, 0.0005, 0.008, 0.0015)));
});

const street = { name: "中街", kind: "lane", line: [[0.002, -0.001], [0.002, 0.001], [0.0022, 0.003]] };

test("a point goes onto a corner before a street, and a street before a border", () => {
  const rings = WEST.coordinates;
  assert.deepEqual(snapped([0.00402, 0.00203], { roads: [street], rings }, 0.0001).at, [0.004, 0.002]);
  assert.equal(snapped([0.00203, 0.0005], { roads: [street], rings }, 0.0001).name, "中街");
  assert.deepEqual(snapped([0.001, 0.0019], { roads: [street], rings }, 0.0002).at.map((one) => one.toFixed(4)), ["0.0010", "0.0020"]);
  assert.deepEqual(snapped([0.001, 0.001], { roads: [street], rings }, 0.0001).at, [0.001, 0.001]);
});

test("two points on one street follow it in either direction", () => {
  const at = (lat) => ({ at: nearestOn([0.002, lat], street.line, 1).at, road: street, name: "中街" });
  assert.equal(way(at(0), at(0.002)).length, 3);
  assert.deepEqual(way(at(0.002), at(0))[1], [0.002, 0.001]);
  assert.deepEqual(way(at(0.002), at(0))[2], [0.002, 0]);
});

test("pieces of one street that meet are one line, others stay apart", () => {
  const two = [{ ...street, line: [[0, 0], [1, 0]] }, { ...street, line: [[2, 0], [1, 0]] }, { ...street, name: "别街", line: [[2, 0], [3, 0]] }];
  assert.deepEqual(joined(two).map(({ line }) => line.length).sort(), [2, 3]);
});

test("a street is offered from outside to outside, with the households of both sides", () => {
  const stub = { name: "半街", kind: "lane", line: [[0.002, -0.001], [0.002, 0.0015]] };
  const [found] = streetsThrough([stub], WEST, scene.buildings.slice(0, 2));
  assert.deepEqual([...found.sides].sort(), [250, 350]);
  assert.ok(found.line.at(-1)[1] > 0.002);
  assert.deepEqual(streetsThrough([{ ...stub, line: [[0.0005, -0.001], [0.0005, 0.0015]] }], WEST, scene.buildings.slice(0, 2)), []);
});

test("the even line leaves as many households on one side as on the other and no building on it", () => {
  const houses = [0.0005, 0.0015, 0.0025, 0.0035].map((x, i) => house(i, x, 0.001, 100, "g001"));
  const { line, sides } = halvingLine(WEST, houses);
  assert.deepEqual(sides, [200, 200]);
  assert.deepEqual([...sidesOf(line, houses)], [200, 200]);
  assert.equal(halvingLine(WEST, houses.slice(0, 1)), null);
  const four = [[0.001, 0.0005], [0.003, 0.0005], [0.001, 0.0015], [0.003, 0.0015]].map(([x, y], i) => house(i, x, y, 100, "g001"));
  const ways = halvingLines(WEST, four, 3);
  assert.ok(ways.length >= 2);
  for (const [i, { angle }] of ways.entries()) assert.ok(ways.slice(0, i).every((one) => Math.abs(one.angle - angle) > 0.6));
});

test("a building that lies apart is joined by those that stand between, neighbour by neighbour", () => {
  const row = [0, 1, 2, 3, 4].map((n) => house(n + 1, n * 0.001, 0.001, 10, n ? "g001" : "g002"));
  const aside = house(9, 0.002, 0.004, 10, "g001");
  const other = house(10, 0.0025, 0.001, 10, "g003");
  const [taker, ...movable] = [...row, aside, other];
  const homeOf = ({ grid }) => grid;
  assert.deepEqual(between([row[4]], movable, [taker], homeOf).sort(), ["h2", "h3", "h4"]);
  assert.deepEqual(between([row[1]], movable, [taker], homeOf), []);
});

test("what stays out of the band is told once, by whether it was so before", () => {
  const grid = (number, was, households, kind = "basic") => ({ number, kind, was, households });
  const grids = [grid("01", 642, 560), grid("02", 300, 510), grid("03", 220, 190), grid("17", null, 82), grid("05", 640, 300), grid("06", 300, 20, "dedicated")];
  const told = outOfBand(grids, [200, 500]).map(({ grid: { number }, level, since }) => `${number} ${since} ${level}`);
  assert.deepEqual(told, ["01 still above", "02 now above", "03 now below", "17 new below"]);
});

test("who works in one grid stands in one line", () => {
  const post = (name, grid) => ({ name, grid });
  const lines = byGrid([post("甲", "g2"), post("乙", "g1"), post("丙", "g2")]);
  assert.deepEqual(lines.map((all) => all.map(({ name }) => name)), [["乙"], ["甲", "丙"]]);
});

test("another plan under way is told with the grids that both change, those first", () => {
  const plan = (id, state, touches) => ({ public_id: id, state, touches });
  const mine = { public_id: "m", preview: { before: { g1: {}, g2: {} }, retired: ["g2"] } };
  const plans = [plan("m", "submitted", ["g1"]), plan("a", "approved", ["g7"]), plan("b", "draft", ["g1"]), plan("c", "submitted", ["g2", "g3"])];
  assert.deepEqual(beside(plans, mine).map(({ plan: { public_id: id }, shared }) => [id, shared]), [["c", ["g2"]], ["a", []]]);
});
