// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { framed, offsetOf, placeIn } from "./template";

test("the editor knows whether a value, a filter or a tag is being written", () => {
  assert.equal(placeIn("Hello "), undefined);
  assert.equal(placeIn("Hello {{ customer.na"), "value");
  assert.equal(placeIn("Hello {{ customer.name | up"), "filter");
  assert.equal(placeIn("Hello {{ customer.name }} and"), undefined);
  assert.equal(placeIn("{% fo"), "tag");
  assert.equal(placeIn("{%- if cus"), "value");
  assert.equal(placeIn("{% if a %}b{{ "), "value");
});

test("a fault's line and column are a place in the text", () => {
  assert.equal(offsetOf("abc\ndef", 1, 2), 1);
  assert.equal(offsetOf("abc\ndef", 2, 1), 4);
  assert.equal(offsetOf("😀x", 1, 2), 2);
  assert.equal(offsetOf("abc", 9, 9), 3);
});

test("a framed message loads nothing", () => {
  assert.match(framed("<p>a</p>"), /default-src 'none'.*<p>a<\/p>$/);
});
