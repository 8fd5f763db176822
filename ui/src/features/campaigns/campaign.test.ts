// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyArm, monthOf, nextArmName, stepsOf } from "./campaign";

const table = {
  columns: ["name", "state", "starts_at"].map((name) => ({ name, label: name, type: "text" })),
  rows: [["spring", "draft", new Date(2026, 1, 14, 9).toISOString()], ["later", "draft", null]],
  row_count: 2,
} as never;

test("a month has its days, and campaigns stand on the day they start", () => {
  const days = monthOf(2026, 1, table);

  assert.equal(days.length, 28);
  assert.equal(days[0]?.day, "2026-02-01");
  assert.deepEqual(days[13]?.campaigns, [{ name: "spring", state: "draft" }]);
  assert.equal(days.flatMap(({ campaigns }) => campaigns).length, 1);
  assert.equal(monthOf(2026, 12, table).length, 31); // January of the next year
});

test("a new arm has the first letter that no other has", () => {
  assert.equal(nextArmName([emptyArm("A"), emptyArm("C")]), "B");
});

test("what ended takes no step, but for a list that an ad platform keeps", () => {
  assert.deepEqual(stepsOf({ state: "finished", channel: "email" }), []);
  assert.deepEqual(stepsOf({ state: "finished", channel: "audience" }), ["update", "stop"]);
  assert.deepEqual(stepsOf({ state: "stopped", channel: "audience" }), []);
  assert.equal(stepsOf({ state: "waiting", channel: "email" })[0], "approve");
});
