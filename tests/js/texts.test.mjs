import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const scripts = new URL("../../webmap/static/js/", import.meta.url);
const catalogue = new URL("../../webmap/translations/en/LC_MESSAGES/messages.po", import.meta.url);

function sources() {
  const names = readdirSync(scripts, { recursive: true }).filter((name) => name.endsWith(".js"));
  return names.map((name) => [name, readFileSync(new URL(name, scripts), "utf8")]);
}

function english() {
  const entries = readFileSync(catalogue, "utf8").matchAll(/^msgid (".*")\nmsgstr (".*")$/gm);
  return new Map([...entries].map(([, zh, en]) => [JSON.parse(zh), JSON.parse(en)]));
}

test("every text of the scripts has its English", () => {
  const known = english();
  for (const [name, source] of sources()) {
    for (const [, text] of source.matchAll(/\bt\(\s*("(?:[^"\\]|\\.)*")/g)) {
      assert.ok(known.get(JSON.parse(text)), `${name}: ${text}`);
    }
  }
});

test("no text waits inside a template, where the extractor does not look", () => {
  for (const [name, source] of sources()) {
    assert.doesNotMatch(source, /`[^`]*\$\{[^`}]*\bt\("[^`]*`/, name);
  }
});

test("Chinese stands only where it can be translated", () => {
  const allowed = new Set(["format.js", "geometry.js", "cartography.js", "redraw/reckoning.js"]);
  for (const [name, source] of sources()) {
    if (allowed.has(name)) continue;
    const bare = source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").replace(/\bt\(\s*"(?:[^"\\]|\\.)*"/g, "");
    assert.doesNotMatch(bare, /[\u4e00-\u9fff]/, name);
  }
});

test("the English keeps every name that is filled in", () => {
  const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([whole]) => whole).sort();
  for (const [zh, en] of english()) assert.deepEqual(names(en), names(zh), zh);
});

test("no script writes markup or leaves our own host", () => {
  for (const [name, source] of sources()) {
    assert.doesNotMatch(source, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/, name);
    const elsewhere = [...source.matchAll(/https?:\/\/[^\s"'`]+/g)].filter(([url]) => url !== "http://www.w3.org/2000/svg");
    assert.deepEqual(elsewhere, [], name);
  }
});
