import assert from "node:assert/strict";
import { test } from "node:test";

import { around, boxOfView, fitting, room, tilesOf } from "../../webmap/static/js/frame.js";
import { within } from "../../webmap/static/js/geometry.js";

const SIZE = { x: 1072, y: 844 };
const VIEW = { lat: 32.69309, lon: 109.02811, zoom: 14 };

test("the box of a view is as wide as its pixels", () => {
  const [west, south, east, north] = boxOfView(VIEW, SIZE);
  assert.ok(Math.abs(east - west - (1072 / (256 * 2 ** 14)) * 360) < 1e-9);
  assert.ok(south < VIEW.lat && VIEW.lat < north);
  assert.ok(Math.abs((west + east) / 2 - VIEW.lon) < 1e-4);
});

test("views near each other ask for the same, which holds both", () => {
  const [one, other] = [VIEW, { ...VIEW, lon: VIEW.lon + 0.0005 }].map((view) => boxOfView(view, SIZE));
  assert.deepEqual(around(one, 14), around(other, 14));
  assert.ok(within(one, around(one, 14)) && within(other, around(one, 14)));
});

test("a box that fits does so with what is left free, and one step nearer it does not", () => {
  const box = /** @type {[number, number, number, number]} */ ([108.95, 32.66, 109.11, 32.73]);
  const free = room(true, 0);
  const view = fitting(box, SIZE, free);
  assert.ok(within(box, boxOfView(view, SIZE)));
  assert.ok(!within(box, boxOfView({ ...view, zoom: view.zoom + 0.5 }, { x: SIZE.x - 284, y: SIZE.y - 16 })));
});

test("the tiles of a view are those that hold it, once each, none beyond the largest zoom", () => {
  const shown = tilesOf(VIEW, SIZE, 16);
  assert.equal(new Set(shown.map(({ x, y }) => `${x}/${y}`)).size, shown.length);
  assert.deepEqual([shown[0], shown.at(-1)], [{ z: 13, x: 6575, y: 3307 }, { z: 13, x: 6578, y: 3308 }]);
  assert.ok(tilesOf({ ...VIEW, zoom: 19 }, SIZE, 16).every(({ z }) => z === 16));
});
