// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/rfm, and the condition that a group of it is as a segment.
import type { Table } from "@/api/client";
import { figuresOf, textsOf } from "@/features/selection/columns";
import type { Period } from "@/features/selection/period";
import type { Tree } from "@/features/segments/tree";

export const RFM_PATH = "/api/v1/rfm";
export const SCORES = [1, 2, 3, 4, 5] as const;

export interface Rfm {
  as_of: string;
  customers: number;
  figures: Table;
  groups: Table;
  cells: Table;
  grid: Table; // one row for each pair of scores R and F
}

export interface GridCell {
  recency: number;
  frequency: number;
  group: string;
  customers: number;
  revenue: number;
}

export function gridCells(grid: Table): GridCell[] {
  const column = (name: string) => figuresOf(grid, name);
  const [recency, frequency, customers, revenue] =
    ["recency", "frequency", "customers", "revenue_gross"].map(column) as (number | null)[][];

  return textsOf(grid, "group").map((group, index) => ({
    group,
    recency: recency![index] ?? 0,
    frequency: frequency![index] ?? 0,
    customers: customers![index] ?? 0,
    revenue: revenue![index] ?? 0,
  }));
}

/**
 * The condition that holds of the customers of a group, at the filters and the period of the
 * report: the segment is as large as the group, and changes with it.
 */
export function segmentOfGroup(group: string, filters: readonly string[], period: Period): Tree {
  return {
    all: [{
      rfm: "group",
      ...(filters.length > 0 ? { filters: [...filters] } : {}),
      ...(period.from || period.to ? { window: period } : {}),
      operator: "is",
      value: group,
    }],
  };
}
