// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/rfm, and a segment's conditions out of a rectangle of scores.
import type { Table } from "@/api/client";
import { figuresOf, textsOf } from "@/features/selection/columns";
import { addDays, type Period } from "@/features/selection/period";
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
  edges: Table; // one row for each score: the smallest and largest values that have it
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

interface Bounds {
  low: string | number;
  high: string | number;
}

/** The values from those of the lowest score to those of the highest. */
function bounds(
  edges: Table, measure: "last" | "frequency", scores: readonly number[],
): Bounds | null {
  const scoreOf = figuresOf(edges, "score");
  const has = (index: number) => scores.includes(scoreOf[index] ?? 0);
  const pick = (name: string) =>
    (measure === "last" ? textsOf(edges, name) : figuresOf(edges, name))
      .filter((value, index): value is string | number =>
        has(index) && value !== null && value !== "");
  const [lows, highs] = [pick(`${measure}_from`), pick(`${measure}_to`)];

  if (lows.length === 0 || highs.length === 0) return null;
  const order = (one: string | number, other: string | number) => (one < other ? -1 : 1);
  return { low: lows.sort(order)[0]!, high: highs.sort(order).at(-1)! };
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

const NEAR_DAYS = 31; // so near the present, "days since" says it better than a date

/**
 * Conditions with the same edges as these cells: last purchase and number of receipts. Scores are
 * ranks, and customers with equal values can be on both sides of an edge, so the segment may hold
 * some more than the cells.
 */
export function segmentOfCells(
  rfm: Rfm, cells: readonly GridCell[], today: string, period: Period,
): Tree {
  const window = period.from || period.to ? { window: period } : {};
  const last = bounds(rfm.edges, "last", cells.map(({ recency }) => recency));
  const count = bounds(rfm.edges, "frequency", cells.map(({ frequency }) => frequency));
  const isNear = daysBetween(addDays(rfm.as_of, -1), today) <= NEAR_DAYS;
  const all: Tree[] = [];

  if (last && isNear) {
    const most = daysBetween(String(last.low), today);
    const least = daysBetween(String(last.high), today);
    all.push({ sales: "days_since_last", ...window, operator: "<=", value: Math.max(0, most) });
    if (least > 0)
      all.push({ sales: "days_since_last", ...window, operator: ">=", value: least });
  } else if (last) {
    all.push({ sales: "last_on", ...window, operator: ">=", value: last.low });
    all.push({ sales: "last_on", ...window, operator: "<=", value: last.high });
  }
  if (count) {
    all.push({ sales: "count", ...window, operator: ">=", value: count.low });
    all.push({ sales: "count", ...window, operator: "<=", value: count.high });
  }
  return { all };
}
