// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/lifetime-value.
import type { Table } from "@/api/client";

export const LIFETIME_VALUE_PATH = "/api/v1/lifetime-value";
export const RUNS_PATH = `${LIFETIME_VALUE_PATH}/runs`;

export const MODELS = ["best", "bg_nbd", "mbg_nbd", "pareto_nbd", "bg_bb", "contract"] as const;
/** Models that count opportunities to buy: they need to know how long one lasts. */
export const OF_OPPORTUNITIES: readonly string[] = ["bg_bb", "contract"];

export interface LifetimeValueRequest {
  as_of?: string; // empty, absent: the last day there is
  hold_out_days?: number; // 0, absent: a third of all
  horizon_months: number;
  discount_percent: number;
  margin_percent: number;
  model: (typeof MODELS)[number];
  opportunity_days?: number; // 0, absent: customers may buy on any day
}

export interface LifetimeValueResult {
  currency: string;
  from: string;
  split: string;
  as_of: string;
  customers: number;
  repeat_customers: number;
  horizon_months: number;
  discount_percent: number;
  margin_percent: number;
  model: string;
  opportunity_days?: number; // absent from runs of before
  expected_alive: number;
  expected_purchases: number;
  expected_low: number | null;
  expected_high: number | null;
  value: number;
  by_repeats: Table; // repeats, customers, actual, expected
  by_day: Table; // day, actual, expected
  alive: Table; // repeats, weeks, customers, alive
  tenths: Table; // tenth, customers, value, share, least
  cohorts?: Table; // from, until, customers, returned, alive, newcomer, low, high; as above
  cohort_reading?: string;
  models: Table; // model, expected, actual, …, chosen
  parameters: Table;
  warnings: string[];
}

export interface LifetimeValue {
  run: string | null;
  ran_at?: string;
  result: LifetimeValueResult | null;
}

export interface AliveCell {
  customers: number;
  alive: number | null; // null: nobody
}

/** Rows of repeat purchases by columns of weeks since the last one, in the order of the table. */
export function aliveGrid({ rows }: Table) {
  const repeats = [...new Set(rows.map(([name]) => String(name)))];
  const weeks = [...new Set(rows.map(([, name]) => String(name)))];
  const cell = (a: string, b: string): AliveCell => {
    const row = rows.find(([first, second]) => first === a && second === b);
    const alive = row?.[3];

    return { customers: Number(row?.[2] ?? 0), alive: typeof alive === "number" ? alive : null };
  };

  return { repeats, weeks, cell };
}
