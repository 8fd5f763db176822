// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { namesOf, tablesOf } from "./sql";

const table = {
  columns: [],
  rows: [
    ["alias", "origin", "bigint"], ["alias", "customer", "bigint"], ["sale", "id", "bigint"],
  ],
  row_count: 3,
};

test("columns are gathered by their tables", () => {
  assert.deepEqual(tablesOf(table), [
    { name: "alias", columns: [{ name: "origin", type: "bigint" },
                               { name: "customer", type: "bigint" }] },
    { name: "sale", columns: [{ name: "id", type: "bigint" }] },
  ]);
  assert.deepEqual(tablesOf({ ...table, rows: [] }), []);
});

test("the editor completes the columns of each table", () => {
  assert.deepEqual(namesOf(tablesOf(table)), { alias: ["origin", "customer"], sale: ["id"] });
});
