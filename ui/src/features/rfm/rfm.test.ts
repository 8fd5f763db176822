// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Column, Table } from "../../api/client";
import { gridCells, segmentOfCells, type Rfm } from "./rfm";

function table(names: string, rows: Table["rows"]): Table {
  const columns = names.split(" ").map((name): Column => ({ name, label: name, type: "text" }));
  return { columns, rows, row_count: rows.length };
}

const nothing = table("a", []);
const rfm: Rfm = {
  as_of: "2011-12-10",
  customers: 10,
  figures: nothing, groups: nothing, cells: nothing,
  grid: table("recency frequency group customers revenue_gross",
    [[5, 5, "Champions", 6, 10.5], [5, 4, "Champions", 2, 3], [1, 1, "Hibernating", 0, 0]]),
  edges: table("score last_from last_to frequency_from frequency_to", [
    [1, "2010-12-01", "2011-03-01", 1, 1],
    [4, "2011-11-01", "2011-11-20", 3, 5],
    [5, "2011-11-20", "2011-12-09", 5, 209],
  ]),
};
const champions = gridCells(rfm.grid).filter(({ group }) => group === "Champions");

test("cells become conditions of the same edges, as dates long afterwards", () => {
  assert.deepEqual(segmentOfCells(rfm, champions, "2026-01-01", {}), {
    all: [
      { sales: "last_on", operator: ">=", value: "2011-11-20" },
      { sales: "last_on", operator: "<=", value: "2011-12-09" },
      { sales: "count", operator: ">=", value: 3 },
      { sales: "count", operator: "<=", value: 209 },
    ],
  });
});

test("near the present the segment moves on with the days, in the report's period", () => {
  const window = { from: "2011-01-01", to: "2011-12-09" };

  assert.deepEqual(segmentOfCells(rfm, champions.slice(0, 1), "2011-12-10", window), {
    all: [
      { sales: "days_since_last", window, operator: "<=", value: 20 },
      { sales: "days_since_last", window, operator: ">=", value: 1 },
      { sales: "count", window, operator: ">=", value: 5 },
      { sales: "count", window, operator: "<=", value: 209 },
    ],
  });
});
