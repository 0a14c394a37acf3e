import assert from "node:assert/strict";
import { test } from "node:test";

import { place, wideZoom } from "../../webmap/static/js/place.js";

test("roads and communities are shown, points are taken", () => {
  for (const precision of ["road", "community"]) assert.ok(wideZoom(precision) < 17, precision);
  for (const precision of ["door", "building", "place", "pin"]) assert.equal(wideZoom(precision), undefined);
});

test("looking at a place does not choose it", () => {
  const seen = [];
  place.on((by) => seen.push(by));
  place.onLook((view) => seen.push(view));
  place.look({ lon: 109, lat: 32.7, zoom: 15 });
  assert.equal(place.current, null);
  place.set({ lon: 109, lat: 32.7, label: "x" }, "map");
  assert.deepEqual(seen, [{ lon: 109, lat: 32.7, zoom: 15 }, "map"]);
});
