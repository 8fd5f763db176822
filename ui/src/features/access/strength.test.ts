// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { strengthOf } from "./strength";

test("what the server refuses is said while typing", () => {
  assert.equal(strengthOf("seven77", "ann"), "short");
  assert.equal(strengthOf("annabel1", "annabel"), "nameInside");
});

test("length counts, repetition does not", () => {
  assert.equal(strengthOf("aaaaaaaaaaaaaaaaaaaa", "ann"), "weak");
  assert.equal(strengthOf("tiles0n3", "ann"), "weak");
  assert.equal(strengthOf("green tiles", "ann"), "fair");
  assert.equal(strengthOf("correct horse battery", "ann"), "strong");
});

test("characters are counted, not code units", () => {
  assert.equal(strengthOf("😀😀😀😀", "ann"), "short");
});
