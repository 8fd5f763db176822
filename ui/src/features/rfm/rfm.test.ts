// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column, Table } from "../../api/client";
import { gridCells, segmentOfGroup } from "./rfm";

function table(names: string, rows: Table["rows"]): Table {
  const columns = names.split(" ").map((name): Column => ({ name, label: name, type: "text" }));
  return { columns, rows, row_count: rows.length };
}

test("cells are read by the names of their columns", () => {
  const grid = table("recency frequency group customers revenue_gross",
    [[5, 4, "Champions", 2, 3], [1, 1, "Hibernating", 0, null]]);

  assert.deepEqual(gridCells(grid), [
    { recency: 5, frequency: 4, group: "Champions", customers: 2, revenue: 3 },
    { recency: 1, frequency: 1, group: "Hibernating", customers: 0, revenue: 0 },
  ]);
});

test("a group becomes a condition at the filters and the period of the report", () => {
  const window = { from: "2011-01-01", to: "2011-12-09" };

  assert.deepEqual(segmentOfGroup("Champions", ["quantity>0"], window), {
    all: [{ rfm: "group", filters: ["quantity>0"], window, operator: "is", value: "Champions" }],
  });
});

test("without filters and period nothing is said of them", () => {
  assert.deepEqual(segmentOfGroup("New", [], {}), {
    all: [{ rfm: "group", operator: "is", value: "New" }],
  });
});
