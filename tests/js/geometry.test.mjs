import assert from "node:assert/strict";
import { test } from "node:test";

import { Clearance } from "../../webmap/static/js/clearance.js";
import * as geometry from "../../webmap/static/js/geometry.js";

const square = { type: "Polygon", coordinates: [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]] };
const two = { type: "MultiPolygon", coordinates: [square.coordinates, [[[10, 10], [12, 10], [12, 12], [10, 10]]]] };

test("a polygon holds what is inside it and not what is in its hole", () => {
  assert.equal(geometry.holds(square, [3, 3]), true);
  assert.equal(geometry.holds(square, [1.5, 1.5]), false);
  assert.equal(geometry.holds(square, [5, 1]), false);
});

test("a multipolygon holds what any of its parts holds", () => {
  assert.equal(geometry.holds(two, [11.8, 11]), true);
  assert.equal(geometry.holds(two, [10.1, 11.9]), false);
});

test("a grown box holds the one it grew from, never the other way", () => {
  const box = [108.9, 32.6, 109.1, 32.8];
  assert.equal(geometry.within(box, geometry.grown(box, 0.1)), true);
  assert.equal(geometry.within(geometry.grown(box, 0.1), box), false);
});

test("a box is written with seven decimals", () => {
  assert.equal(geometry.written([109, 32.123456789, 110, 33]), "109.0000000,32.1234568,110.0000000,33.0000000");
});

const label = (x, y, ...more) => ({ width: 40, height: 20, spots: [[x, y], ...more].map(([x, y]) => ({ x, y })) });
const places = (labels) => labels.map(({ x, y }) => [x, y]);

test("labels that would cover an earlier one give way", () => {
  const kept = geometry.thinned([label(0, 0), label(30, 5), label(50, 0), label(0, 25)]);
  assert.deepEqual(places(kept), [[0, 0], [50, 0], [0, 25]]);
});

test("a label keeps away from obstacles: at its next spot, or nowhere", () => {
  const mark = { x: 0, y: 0, width: 30, height: 30 };
  assert.deepEqual(places(geometry.thinned([label(5, 5, [10, 0], [0, 40])], [mark])), [[0, 40]]);
  assert.deepEqual(geometry.thinned([label(5, 5, [10, 0])], [mark]), []);
  assert.deepEqual(places(geometry.thinned([label(35, 0)], [mark])), [[35, 0]]);
});

test("a lattice is spread over a box, the spots nearest to a wish first", () => {
  const spots = geometry.spread([0, 0, 100, 50], { x: 90, y: 25 });
  assert.equal(spots.length, 25);
  assert.deepEqual(spots[0], { x: 90, y: 25 });
  assert.ok(spots.every(({ x, y }) => x > 0 && x < 100 && y > 0 && y < 50));
});

test("the heart of a shape is inside of it, and in its widest part", () => {
  const pan = [[0, 0], [4, 0], [4, 1.9], [10, 1.9], [10, 2.1], [4, 2.1], [4, 4], [0, 4], [0, 0]];
  const [x, y] = geometry.heart({ type: "Polygon", coordinates: [pan] });
  assert.ok(x > 1 && x < 3 && y > 1 && y < 3, `${x} ${y}`);
  const bow = [[0, 0], [9, 0], [9, 9], [0, 9], [0, 8], [8, 8], [8, 1], [0, 1], [0, 0]];
  const shape = { type: "Polygon", coordinates: [bow] };
  assert.ok(geometry.holds(shape, geometry.heart(shape)));
});

test("a Han letter is wider than a Latin one", () => {
  assert.equal(geometry.labelWidth("安火路", 10), 30);
  assert.ok(geometry.labelWidth("abc", 10) < 20);
});

test("a grid's short name is its community and its number", () => {
  assert.equal(geometry.shortName("安火路社区第7网格"), "安火路 07");
  assert.equal(geometry.shortName("兴安社区 012 网格"), "兴安 12");
  assert.equal(geometry.shortName("第3网格"), "03");
  assert.equal(geometry.shortName("安火路社区"), "安火路");
  assert.equal(geometry.shortName("老城街道"), "老城街道");
});

test("a ring shows its share and never more than the whole", () => {
  assert.equal(geometry.arc(0, 10), "0.00 62.83");
  assert.equal(geometry.arc(1, 10), "62.83 0.00");
  assert.equal(geometry.arc(7, 10), geometry.arc(1, 10));
  assert.equal(geometry.arc(-1, 10), geometry.arc(0, 10));
});

test("a sheet settles at the nearest stop, a swipe carries it on", () => {
  const stops = [176, 400, 780];
  assert.equal(geometry.nearestStop(250, 0, stops), 0);
  assert.equal(geometry.nearestStop(300, 0, stops), 1);
  assert.equal(geometry.nearestStop(250, 1, stops), 1);
  assert.equal(geometry.nearestStop(600, -2, stops), 0);
});

test("a place in the address is read back as it was written", () => {
  assert.deepEqual(geometry.readPlace(geometry.writePlace(15.5, 32.69012, 109.02345)), { zoom: 15.5, lat: 32.69012, lon: 109.02345 });
});

test("what is no place in the address is nothing", () => {
  for (const text of ["", "#", "#main", "#1/2", "#a/b/c", "#15/95/10", "#15/10/200", "#-1/0/0", "#1/2/3/4"]) {
    assert.equal(geometry.readPlace(text), null, text);
  }
});

test("a box around positions holds each of them, and grows by degrees", () => {
  const box = geometry.boxOf([[109.03, 32.7], [109.01, 32.72], [109.02, 32.69]]);
  assert.deepEqual(box, [109.01, 32.69, 109.03, 32.72]);
  assert.deepEqual(geometry.padded([1, 2, 3, 4], 0.5), [0.5, 1.5, 3.5, 4.5]);
  assert.ok(geometry.holdsPoint(box, 109.01, 32.72));
  assert.ok(!geometry.holdsPoint(box, 109.009, 32.7));
});

test("a pin stands on the upper edge of a shape, above its middle", () => {
  assert.deepEqual(geometry.crown(square), [2, 4]);
  const roof = { type: "Polygon", coordinates: [[[0, 0], [4, 0], [4, 2], [2, 6], [0, 2], [0, 0]]] };
  assert.deepEqual(geometry.crown(roof), [2, 6]);
});

test("a name knows how much of a border it would cover", () => {
  const screen = new Clearance({ x: 300, y: 200 });
  screen.add([{ x: -50, y: 100 }, { x: 400, y: 100 }]);
  const name = { width: 60, height: 20 };
  assert.equal(screen.crossed({ x: 150, y: 50, ...name }), 0);
  assert.ok(screen.crossed({ x: 150, y: 100, ...name }) >= 10);
  assert.equal(screen.crossed({ x: -500, y: 100, ...name }), 0);
});
