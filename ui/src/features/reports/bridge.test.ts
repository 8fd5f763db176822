// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { greatest, stepsOf } from "./bridge";

const names = { before: "2010", now: "2011" };

test("steps go on from each other and end where the sum does", () => {
  const steps = stepsOf(100, [
    { label: "more", amount: 50 }, { label: "none", amount: 0 }, { label: "less", amount: -170 },
  ], names);

  assert.deepEqual(steps.map(({ from, to, kind }) => [from, to, kind]), [
    [0, 100, "total"], [100, 150, "rise"], [150, -20, "fall"], [0, -20, "total"],
  ]);
  assert.deepEqual(steps.map(({ label }) => label), ["2010", "more", "less", "2011"]);
});

test("without effects both ends are the same", () => {
  assert.deepEqual(stepsOf(7, [], names).map(({ to }) => to), [7, 7]);
});

test("the greatest effect may be a loss", () => {
  assert.equal(greatest([{ label: "a", amount: 3 }, { label: "b", amount: -5 }])?.label, "b");
  assert.equal(greatest([]), undefined);
});
