// SPDX-License-Identifier: Apache-2.0
// A segment as the API tells it.
import type { Table } from "@/api/client";
import { SEGMENTS_PATH } from "./fields";
import { isSameTree, type Tree } from "./tree";

export interface Segment {
  name: string;
  description: string;
  conditions: Table;
  definition: Tree;
  sql: Table;
  values: unknown[];
  history: Table;
}

export interface Draft {
  name: string;
  description: string;
  tree: Tree;
}

export function segmentPath(name: string): string {
  return `${SEGMENTS_PATH}/${encodeURIComponent(name)}`;
}

export function segmentAddress(name: string): string {
  return `/analyze/segments/${encodeURIComponent(name)}`;
}

export function isSame(one: Draft, other: Draft): boolean {
  return one.name === other.name && one.description === other.description &&
    isSameTree(one.tree, other.tree);
}
