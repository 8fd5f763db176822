// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { COUNTS } from "./import";

test("everything that an import counts is told, in the program's order", () => {
  const source = readFileSync("src/plug/import/sink.c", "utf8");
  const names = [...source.matchAll(/^ {4}COUNT\((\w+),/gm)].map(([, name]) => name);

  assert.ok(names.length > 0);
  assert.deepEqual([...COUNTS], names);
});
