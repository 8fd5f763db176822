// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { createFormat } from "./format";

test("today is a day of the business, wherever the reader is", () => {
  const now = new Date("2024-03-01T23:30:00Z");
  assert.equal(createFormat("en", "America/Los_Angeles", "USD").today(now), "2024-03-01");
  assert.equal(createFormat("en", "Europe/Berlin", "EUR").today(now), "2024-03-02");
  assert.equal(createFormat("de", "Asia/Tokyo", "JPY").today(now), "2024-03-02");
});
