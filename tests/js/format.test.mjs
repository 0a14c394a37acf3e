import assert from "node:assert/strict";
import { test } from "node:test";

import * as format from "../../webmap/static/js/format.js";

const now = new Date("2026-11-23T12:00:00Z");
const how = { lang: "zh", timeZone: "Asia/Shanghai", now };

test("names in braces are filled in, and only those that are given", () => {
  assert.equal(format.fillIn("{a} 与 {b}", { a: 1 }), "1 与 {b}");
  assert.equal(format.fillIn("{a}", { a: "{b}", b: "x" }), "{b}");
  assert.equal(format.fillIn("{{7*191}}", {}), "{{7*191}}");
});

test("numbers have thousands separators, and nothing is a dash", () => {
  assert.equal(format.count(368000, "zh"), "368,000");
  assert.equal(format.count(null, "en"), "—");
  assert.equal(format.count(0, "en"), "0");
});

test("metres become kilometres", () => {
  assert.equal(format.distance(0.42, "zh"), "0.4 米");
  assert.equal(format.distance(13.7, "en"), "14 m");
  assert.equal(format.distance(1290, "en"), "1.3 km");
});

test("a moment is shown in the district's time, with how long ago it was", () => {
  assert.equal(format.moment("2026-11-23T09:30:00+00:00", how), "2026/11/23 17:30（2小时前）");
  assert.equal(format.moment("2026-11-26T12:00:00Z", { ...how, lang: "en" }), "26/11/2026, 20:00 (in 3 days)");
  assert.equal(format.moment(null, how), "—");
  assert.equal(format.moment("neither", how), "—");
});

test("what is left of a limit is rounded, what is past is not", () => {
  const at = (/** @type {number} */ seconds) => new Date(now.getTime() + seconds * 1000);
  assert.equal(format.relative(at(8 * 3600 - 5), now, "zh"), "8小时后");
  assert.equal(format.relative(at(3600 - 5), now, "zh"), "1小时后");
  assert.equal(format.relative(at(-8 * 3600 + 5), now, "zh"), "7小时前");
});

test("what is of this minute has words of its own, and a clock its day only where it is another", () => {
  const at = (/** @type {number} */ seconds) => new Date(now.getTime() + seconds * 1000);
  assert.deepEqual([0, -59, 20, -61].map((seconds) => format.relative(at(seconds), now, "zh")), ["刚刚", "刚刚", "马上", "1分钟前"]);
  assert.equal(format.relative(at(-5), now, "en"), "just now");
  assert.equal(format.clock(at(-3600), how), "19:00");
  assert.equal(format.clock(at(-86400), how), "2026/11/22 20:00");
});

test("a day has no time", () => {
  assert.equal(format.day("2021-02-28T16:30:00Z", how), "2021/03/01");
});

test("sizes of files read easily", () => {
  assert.equal(format.size(812), "812 B");
  assert.equal(format.size(34_000), "33 KB");
  assert.equal(format.size(2_200_000), "2.1 MB");
});
