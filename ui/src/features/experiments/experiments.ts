// SPDX-License-Identifier: Apache-2.0
// The answers of /api/v1/experiments, and what of them is drawn.
import type { Cell, Table } from "@/api/client";

export const SAMPLE_PATH = "/api/v1/experiments/sample-size";
export const SEGMENTS_COMPARED_PATH = "/api/v1/experiments/segments";
export const KEPT_PATH = "/api/v1/experiments";
export const KEPT_RUNS_PATH = `${KEPT_PATH}/runs`;

export interface Told {
  reading: string[];
  warnings: string[];
}

export interface SamplePlan extends Told {
  measure: "share" | "mean";
  each: number;
  all: number;
  days: number | null;
  before: number;
  difference: number;
  effect: number;
  comparisons: number;
  curve: Table; // customers, difference, effect
}

export interface Comparison extends Told {
  selection: { from: string; to: string; filters: string[] };
  compared_with: { from: string; to: string };
  customers: number;
  left_out: number;
  comparisons: number;
  arms: Table;
  differences: Table;
}

export interface Kept {
  run: string | null;
  ran_at?: string;
  result: Comparison | null;
}

export interface Interval {
  arm: string;
  difference: number | null;
  low: number | null;
  high: number | null;
  isShown: boolean;
}

export interface Outcome {
  name: string;
  measure: string; // "share", "mean"
  unit: string | undefined;
  intervals: Interval[];
}

/** The comparisons that decide, by outcome, in the order of the answer. */
export function outcomesOf(differences: Table): Outcome[] {
  const place = (name: string) => differences.columns.findIndex((column) => column.name === name);
  const number = (row: Cell[], name: string) => {
    const value = row[place(name)];
    return typeof value === "number" ? value : null;
  };
  const outcomes: Outcome[] = [];

  for (const row of differences.rows) {
    if (row[place("decides")] !== true) continue;
    const name = String(row[place("outcome")]);
    let outcome = outcomes.find((known) => known.name === name);

    if (!outcome) {
      const unit = row[place("unit")];
      outcome = {
        name, measure: String(row[place("measure")]),
        unit: typeof unit === "string" ? unit : undefined, intervals: [],
      };
      outcomes.push(outcome);
    }
    outcome.intervals.push({
      arm: String(row[place("arm")]), difference: number(row, "difference"),
      low: number(row, "low"), high: number(row, "high"), isShown: row[place("shown")] === true,
    });
  }
  return outcomes;
}
