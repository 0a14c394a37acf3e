/** What is for a worker to do, and what is in others' hands. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { isDue } from "../../webmap/static/js/turn.js";

const own = { status: "accepted", handler: null, steps: ["settle", "pass_on"] };

test("what a department has is not for the worker to do, though a step is open to both", () => {
  assert.equal(isDue(own), true);
  assert.equal(isDue({ ...own, status: "dispatched", handler: "区城管执法局", steps: ["handle"] }), false);
});

test("nor is what was handed back, or what only others can take further", () => {
  assert.equal(isDue({ ...own, status: "returned" }), false);
  assert.equal(isDue({ ...own, status: "handled", steps: [] }), false);
});
