/** Marks that lie on one another. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { fanned, heaped } from "../../webmap/static/js/heaps.js";

test("what lies at one door is one heap, and what lies apart is not", () => {
  const spots = [{ x: 0, y: 0 }, { x: 100, y: 0 }, { x: 0, y: 0 }, { x: 10, y: 10 }, { x: 100, y: 1 }];
  assert.deepEqual(heaped(spots), [[0, 2, 3], [1, 4]]);
  assert.deepEqual(heaped([]), []);
});

test("a fan leaves a finger's breadth between any two marks and the middle", () => {
  for (const count of [1, 2, 7, 8, 20, 40]) {
    const places = [{ x: 0, y: 0 }, ...fanned(count)];
    assert.equal(places.length, count + 1);
    const gaps = places.flatMap((a, i) => places.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y)));
    assert.ok(Math.min(...gaps) >= 43, `${count}: ${Math.min(...gaps)}`);
  }
});

test("a fan turns away from the marks beside it", () => {
  const others = [{ x: 56, y: 0 }, { x: 0, y: -56 }];
  const places = fanned(2, others);
  const room = Math.min(...places.flatMap((a) => others.map((b) => Math.hypot(a.x - b.x, a.y - b.y))));
  assert.ok(room > 40, String(room));
});
