// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/cohorts as a triangle.
import type { Table } from "@/api/client";

export const COHORTS_PATH = "/api/v1/cohorts";

export interface Cohorts {
  counts: Table; // cohort, month_0, month_1, …
  shares: Table; // cohort, customers, month_0, …
  curve: Table; // month, cohorts, customers, of, share
}

export interface CohortRow {
  name: string; // "2010-12"
  customers: number;
  counts: (number | null)[]; // by months since; null: not over yet
  shares: (number | null)[];
}

const figures = (cells: Table["rows"][number]) =>
  cells.map((value) => (typeof value === "number" ? value : null));

export function cohortRows({ counts, shares }: Cohorts): CohortRow[] {
  return counts.rows.map(([name, ...row], index) => ({
    name: String(name),
    customers: typeof row[0] === "number" ? row[0] : 0,
    counts: figures(row),
    shares: figures(shares.rows[index]?.slice(2) ?? []),
  }));
}
