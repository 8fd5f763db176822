// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "../../api/client";
import { changeOf, isMonthEnd, lastMonths, lastOf, spanBefore } from "./month";

const table: Table = {
  columns: [
    { name: "month", label: "Month", type: "text" },
    { name: "revenue_gross", label: "Revenue, gross", type: "money", unit: "EUR" },
  ],
  rows: [["2025-01", 80], ["2025-12", 50], ["2026-01", 100], [null, 7]],
  row_count: 4,
};

test("the year before has the same days, and a 28th where there is no 29th", () => {
  assert.deepEqual(spanBefore({ from: "2024-02-01", to: "2024-02-29" }),
                   { from: "2023-02-01", to: "2023-02-28" });
});

test("the last month is the latest that is known, whatever the order", () => {
  assert.equal(lastOf(table, "month"), "2026-01");
  assert.equal(lastOf(undefined, "month"), undefined);
});

test("months without sales are zero, and each meets the same month a year before", () => {
  const months = lastMonths(table, "revenue_gross", 3);
  assert.deepEqual(months, [
    { month: "2025-11", value: 0, before: null },
    { month: "2025-12", value: 50, before: null },
    { month: "2026-01", value: 100, before: 80 },
  ]);
});

test("nothing to compare with gives no change rather than an endless one", () => {
  assert.equal(changeOf(5, 0), null);
  assert.equal(changeOf(null, 4), null);
  assert.equal(changeOf(5, 4), 0.25);
});

test("a month is over on its last day", () => {
  assert.equal(isMonthEnd("2024-02-28"), false);
  assert.equal(isMonthEnd("2024-02-29"), true);
  assert.equal(isMonthEnd("2025-12-31"), true);
});
