// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Table } from "@/api/client";
import { costsOf, sharesByRule } from "./attribution";

const column = (name: string) => ({ name, label: name, type: "number" as const });
const table = (names: string[], rows: Table["rows"]): Table =>
  ({ columns: names.map(column), rows, row_count: rows.length });

test("a rule's shares add up to one, and to nothing where there is no credit", () => {
  const [first, last] = sharesByRule(table(["name", "first", "last"], [["a", 3, 0], ["b", 1, 0]]));

  assert.deepEqual(first?.shares, [0.75, 0.25]);
  assert.deepEqual(last?.shares, [0, 0]);
});

test("a channel whose cost is not known has an empty field", () => {
  assert.deepEqual(costsOf(table(["name", "cost"], [["a", 12.5], ["b", null]])),
                   [{ channel: "a", cost: 12.5 }, { channel: "b", cost: "" }]);
  assert.deepEqual(costsOf(undefined), []);
});
