/** The order in which a worker walks. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { metres, walked } from "../../webmap/static/js/walk.js";

const at = (/** @type {number} */ east, /** @type {number} */ north) => ({ lon: 109 + east / 1000, lat: 32.7 + north / 1000 });
const here = at(0, 0);

test("a thousandth of a degree of latitude is some 111 metres", () => {
  assert.ok(Math.abs(metres(here, at(0, 1)) - 111.2) < 0.1);
  assert.equal(metres(here, { lon: null, lat: null }), Infinity);
});

test("the nearest comes first, and what has no place last", () => {
  const [near, far, nowhere] = [at(1, 0), at(3, 0), { lon: null, lat: null }];
  assert.deepEqual(walked(here, [nowhere, far, near]), [near, far, nowhere]);
});

test("a way that crosses itself is turned round", () => {
  const square = [at(0, 4), at(4, 4), at(4, 0), at(0.5, 2)];
  const way = [here, ...walked(here, square)];
  const length = way.slice(1).reduce((sum, stop, i) => sum + metres(way[i], stop), 0);
  assert.ok(length < metres(here, at(0.5, 2)) + metres(at(0.5, 2), at(0, 4)) + 2 * metres(at(0, 4), at(4, 4)) * 1.25);
  assert.equal(new Set(way).size, 5);
});
