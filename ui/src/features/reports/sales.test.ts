// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "../../api/client";
import { comparedTable, figuresBefore } from "./sales";

const columns: Table["columns"] = [
  { name: "month", label: "Month", type: "text" },
  { name: "revenue_gross", label: "Revenue, gross", type: "money", unit: "GBP" },
  { name: "receipts", label: "Receipts", type: "integer" },
];
const now: Table = { columns, rows: [["2011-01", 150, 3], ["2011-02", 90, 2]], row_count: 2 };
const before: Table = { columns, rows: [["2010-02", 100, 1], ["2010-03", 7, 1]], row_count: 2 };

test("a period meets the same one of the year before, or nothing", () => {
  assert.deepEqual(figuresBefore(now, before, "month", "revenue_gross"), [null, 100]);
});

test("the compared table has the figure before and its change behind the figure", () => {
  const table = comparedTable(now, before, "month", "revenue_gross",
    { before: "Year before", change: "Change" });

  assert.deepEqual(table.columns.map(({ name }) => name),
    ["month", "revenue_gross", "before", "change", "receipts"]);
  assert.deepEqual(table.rows[0], ["2011-01", 150, null, null, 3]);
  assert.deepEqual(table.rows[1]?.slice(0, 3), ["2011-02", 90, 100]);
  assert.ok(Math.abs((table.rows[1]?.[3] as number) + 0.1) < 1e-12);
});
