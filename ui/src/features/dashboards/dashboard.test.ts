// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { test } from "node:test";
import { beginning, isWhole, kinds, moved, newTile, tidy, type Tile } from "./dashboard";

test("tiles change places with their neighbours and stay on the page", () => {
  const tiles = kinds.slice(0, 3).map(newTile);
  const order = (of: readonly Tile[]) => of.map(({ kind }) => kind);

  assert.deepEqual(order(moved(tiles, 0, 1)), ["chart", "figure", "table"]);
  assert.deepEqual(order(moved(tiles, 2, -1)), ["figure", "table", "chart"]);
  assert.deepEqual(order(moved(tiles, 0, -1)), order(tiles));
  assert.deepEqual(order(moved(tiles, 2, 1)), order(tiles));
});

test("a tile that changed its kind keeps nothing of the former one", () => {
  const tile: Tile = {
    kind: "text", text: "a", metric: "receipts", by: "day", title: " ", width: 2,
  };

  assert.deepEqual(tidy(tile), { kind: "text", text: "a", width: 2 });
});

test("a page begins with tiles that can be shown", () => {
  assert.ok(beginning.tiles.every(isWhole));
  assert.deepEqual(beginning.tiles.map(tidy), beginning.tiles);
  assert.ok(!isWhole(newTile("text")) && !isWhole(newTile("segment")));
});
