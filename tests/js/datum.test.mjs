import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { inDatum } from "../../webmap/static/js/datum.js";

const data = process.env.WANGGE_DATA || fileURLToPath(new URL("../../../shared/data", import.meta.url));
const cities = `${data}/crs_vectors_cities.csv`;
const absent = existsSync(cities) ? false : `the published datum vectors are not in ${data}; set WANGGE_DATA`;

const metres = ([lon, lat], [x, y]) => {
  return Math.hypot((x - lon) * 111320 * Math.cos((lat * Math.PI) / 180), (y - lat) * 110950);
};

test("published places agree within a metre", { skip: absent }, () => {
  const [head, ...rows] = readFileSync(cities, "utf8").trim().split(/\r?\n/).map((line) => line.split(","));
  const column = (row, name) => Number(row[head.indexOf(name)]);
  assert.ok(rows.length >= 60);
  for (const row of rows) {
    const found = inDatum("GCJ02", column(row, "wgs84_x"), column(row, "wgs84_y"));
    assert.ok(metres(found, [column(row, "gcj02_x"), column(row, "gcj02_y")]) < 1, row.join());
  }
});

test("the shift is the one that the server computes", () => {
  const told = [
    [[109.03, 32.69], [109.03486897425627, 32.68793416612363]],
    [[116.391349, 39.907375], [116.39759019123527, 39.90877629414095]],
    [[87.6, 43.8], [87.60283897227161, 43.80121203029208]],
  ];
  for (const [place, there] of told) {
    const found = inDatum("GCJ02", ...place);
    assert.ok(Math.abs(found[0] - there[0]) < 1e-10 && Math.abs(found[1] - there[1]) < 1e-10, place.join());
  }
});

test("other datums and other countries are not shifted", () => {
  assert.deepEqual(inDatum("WGS84", 109.03, 32.69), [109.03, 32.69]);
  assert.deepEqual(inDatum("GCJ02", 2.35, 48.85), [2.35, 48.85]);
});
