// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "../../api/client";
import { matrixOf } from "./personas";

const table = (rows: Table["rows"]): Table => ({
  columns: [
    { name: "from", label: "", type: "integer" }, { name: "to", label: "", type: "integer" },
    { name: "customers", label: "", type: "integer" },
  ],
  rows, row_count: rows.length,
});

test("a matrix leaves out what nobody is in, and adds up its rows", () => {
  const matrix = matrixOf(table([[1, 1, 5], [1, 2, 3], [null, 2, 4]]), [1, 2, null], [1, 2, null]);

  assert.deepEqual(matrix.rows, [1, null]);
  assert.deepEqual(matrix.columns, [1, 2]);
  assert.equal(matrix.total(1), 8);
  assert.equal(matrix.count(2, 1), 0);
});
