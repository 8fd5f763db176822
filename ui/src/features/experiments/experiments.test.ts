// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "@/api/client";
import { outcomesOf } from "./experiments";

const columns = [
  "outcome", "arm", "measure", "unit", "decides", "difference", "low", "high", "shown",
].map((name) => ({ name, label: name, type: "text" as const }));

test("only comparisons that decide are drawn, by outcome", () => {
  const differences: Table = {
    columns, row_count: 3,
    rows: [
      ["Revenue", "b", "mean", "EUR", false, 1, 0, 2, null],
      ["Revenue", "b", "mean", "EUR", true, 2, 1, 3, true],
      ["Buyers", "b", "share", null, true, null, null, null, false],
    ],
  };

  assert.deepEqual(outcomesOf(differences), [
    { name: "Revenue", measure: "mean", unit: "EUR",
      intervals: [{ arm: "b", difference: 2, low: 1, high: 3, isShown: true }] },
    { name: "Buyers", measure: "share", unit: undefined,
      intervals: [{ arm: "b", difference: null, low: null, high: null, isShown: false }] },
  ]);
});
