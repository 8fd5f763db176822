// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { csvOf } from "./csv";

const text = { name: "name", label: "Name", type: "text" } as const;
const money = { name: "net", label: "Net", type: "money" } as const;
const columns = [
  { label: "Name", index: 1, column: text }, { label: "Net (EUR)", index: 0, column: money },
];

test("columns stand as they are shown, lines end as RFC 4180 says", () => {
  assert.equal(csvOf(columns, [[1.5, "Ann"], [null, null]]), "Name,Net (EUR)\r\nAnn,1.5\r\n,\r\n");
});

test("commas, quotes and line ends are quoted", () => {
  assert.equal(csvOf(columns, [[2, 'a "b", c\nd']]),
               'Name,Net (EUR)\r\n"a ""b"", c\nd",2\r\n');
});

test("a text that a spreadsheet would run is made plain, a negative amount is not", () => {
  assert.equal(csvOf(columns, [[-2, "=HYPERLINK(1)"]]),
               "Name,Net (EUR)\r\n'=HYPERLINK(1),-2\r\n");
});
