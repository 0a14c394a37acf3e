import assert from "node:assert/strict";
import { test } from "node:test";

import { EVERYTHING, areaOf, asked, cleared, isBackwards, isNarrow, readFilter, writeFilter } from "../../webmap/static/js/narrowing.js";

const read = (text) => readFilter(new URLSearchParams(text));

function written(filter, before = "") {
  const query = new URLSearchParams(before);
  writeFilter(query, filter);
  return query.toString();
}

test("an empty address wants what is open, and is written as nothing", () => {
  assert.deepEqual(read(""), EVERYTHING);
  assert.equal(written(EVERYTHING), "");
});

test("a filter that went through an address comes back the same", () => {
  for (const text of [
    "state=closed&category=ENV&area=street-610902001&period=30d&overdue=true",
    "area=grid-610902001003001&since=2026-01-01&until=2026-02-28",
    "state=all&until=2026-02-28",
    "state=all&import=17",
    "soon=true&status=suspended&supervision=yellow&handler=市路灯所&words=漏水&sort=due".replace("市路灯所", encodeURIComponent("市路灯所")).replace("漏水", encodeURIComponent("漏水")),
  ]) {
    assert.equal(written(read(text)), text);
  }
});

test("an order that only what is open has is let go of with it", () => {
  assert.equal(read("sort=due").sort, "due");
  assert.equal(read("sort=due&state=closed").sort, "newest");
  assert.equal(asked(read("sort=kind")).sort, undefined);
});

test("the rest of the address stays", () => {
  assert.equal(written(read("category=ENV"), "lang=en&state=closed"), "lang=en&category=ENV");
});

test("what is no filter of ours is left out", () => {
  assert.deepEqual(read("state=late&area=planet-3&period=8d&since=yesterday&until=1.2.2026&overdue=perhaps&import=0x1"), EVERYTHING);
  assert.equal(read("period=7d&since=2026-01-01").since, "");
});

test("an area is a kind and a code", () => {
  assert.deepEqual(areaOf("community-610902001003"), { kind: "community", code: "610902001003" });
  assert.deepEqual(areaOf("grid-A-12"), { kind: "grid", code: "A-12" });
  for (const none of ["", "610902", "street-", "district-610902", "grid-<b>", `grid-${"1".repeat(21)}`]) assert.equal(areaOf(none), null);
});

test("the server is asked in its own words", () => {
  const { state, street, overdue, period } = asked(read("state=all&area=street-610902001&overdue=true&period=year"));
  assert.deepEqual({ state, street, overdue, period }, { state: "", street: "610902001", overdue: "true", period: "year" });
  assert.equal("area" in asked(read("area=street-610902001")), false);
});

test("clearing keeps the tab and nothing else", () => {
  const filter = read("state=closed&category=ENV&since=2026-01-01&overdue=true");
  assert.equal(isNarrow(filter), true);
  assert.deepEqual(cleared(filter), { ...EVERYTHING, state: "closed" });
  assert.equal(isNarrow(cleared(filter)), false);
});

test("days in the wrong order are seen, open ends are not wrong", () => {
  assert.equal(isBackwards({ since: "2026-03-02", until: "2026-03-01" }), true);
  assert.equal(isBackwards({ since: "2026-03-01", until: "2026-03-01" }), false);
  assert.equal(isBackwards({ since: "2026-03-01", until: "" }), false);
});
