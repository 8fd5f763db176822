// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { qrOf } from "./qr";

test("the size follows the length, and what is too long is refused", () => {
  assert.equal(qrOf("x".repeat(14))?.length, 21);
  assert.equal(qrOf("x".repeat(15))?.length, 25);
  assert.equal(qrOf("x".repeat(213))?.length, 57);
  assert.equal(qrOf("x".repeat(214)), null);
});

test("finders stand in three corners, the timing between them", () => {
  const modules = qrOf("otpauth://totp/Tessera:ann?secret=JBSWY3DPEHPK3PXP")!;
  const size = modules.length;
  const corner = (top: number, left: number) =>
    modules.slice(top, top + 7).map((row) => row.slice(left, left + 7).map(Number).join(""));
  const finder = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"];

  assert.deepEqual(corner(0, 0), finder);
  assert.deepEqual(corner(0, size - 7), finder);
  assert.deepEqual(corner(size - 7, 0), finder);
  assert.deepEqual(modules[6]!.slice(8, 13).map(Number), [1, 0, 1, 0, 1]);
});

test("the format bits hold level M, twice the same", () => {
  const modules = qrOf("tessera")!;
  const last = modules.length - 1;
  const beside = [0, 1, 2, 3, 4, 5, 7].map((column) => modules[8]![column]);
  const below = [0, 1, 2, 3, 4, 5, 6].map((row) => modules[last - row]![8]);

  assert.deepEqual(beside, below);
  assert.deepEqual(beside.slice(0, 2), [true, false]); // 00 for M, under the mask 10
});
