// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { buildSync } from "esbuild";
import { campaignOf, continueSession } from "./context";
import { options } from "./plugin";
import { matches } from "./rules";

const MOST_BYTES = 6000;
// The test runs from .cache/ui-tests/tag/.
const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

test("the tag is one file of less than 6 KB, compressed", () => {
  const { outputFiles } = buildSync({ ...options, entryPoints: [join(root, "ui/tag/main.ts")] });
  const bytes = gzipSync(outputFiles[0]!.contents, { level: 9 }).length;

  assert.ok(bytes < MOST_BYTES, `t.js has ${bytes} bytes`);
});

test("a pattern's stars stand for any text, also none", () => {
  assert.ok(matches("/product/*", "/product/85123A"));
  assert.ok(matches("/product/*", "/product/"));
  assert.ok(!matches("/product/*", "/shop/product/1"));
  assert.ok(matches("*/product/*", "/shop/product/1"));
  assert.ok(matches("/a*b*c", "/a-b-b-c"));
  assert.ok(!matches("/a*b*c", "/a-c-b"));
  assert.ok(!matches("/aa*a", "/aa"));
  assert.ok(matches("purchase", "purchase"));
  assert.ok(!matches("purchase", "purchases"));
  assert.ok(matches("*", ""));
  assert.ok(!matches("/a.c", "/abc"), "a point is a point");
});

test("a long pattern on a long text ends at once", () => {
  const begun = Date.now();

  assert.ok(!matches("*a".repeat(50) + "b", "a".repeat(100_000)));
  assert.ok(Date.now() - begun < 500);
});

test("parameters of a campaign have the names that events give them", () => {
  assert.deepEqual(
    campaignOf("?utm_campaign=spring&utm_source=news&utm_id=7&q=x"),
    { name: "spring", source: "news", id: "7" });
  assert.equal(campaignOf("?q=x"), undefined);
});

test("a session ends after half an hour without an event, and with another campaign", () => {
  const minutes = (count: number) => count * 60_000;
  const visitor = {};

  assert.equal(continueSession(visitor, undefined, minutes(100)).id, minutes(100));
  assert.equal(continueSession(visitor, undefined, minutes(129)).id, minutes(100));
  assert.equal(continueSession(visitor, undefined, minutes(158)).id, minutes(100));
  assert.equal(continueSession(visitor, undefined, minutes(189)).id, minutes(189));
  const back = continueSession(visitor, { source: "news" }, minutes(190));
  assert.equal(back.id, minutes(190));
  assert.equal(continueSession(visitor, { source: "news" }, minutes(191)).id, minutes(190));
  assert.deepEqual(continueSession(visitor, undefined, minutes(192)).campaign, { source: "news" });
});
