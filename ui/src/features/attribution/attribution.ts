// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/attribution, and what a run is asked for.
import type { Table } from "@/api/client";
import { figuresOf, sum, textsOf } from "@/features/selection/columns";

export const ATTRIBUTION_PATH = "/api/v1/attribution";
export const RUNS_PATH = `${ATTRIBUTION_PATH}/runs`;

export const COSTS_PATH = `${ATTRIBUTION_PATH}/costs`;

export interface NotedCost {
  channel: string;
  from: string;
  until: string;
  amount: number;
  currency: string;
}

export type Conversions = "all" | "first" | "new";

export interface AttributionResult {
  currency: string | null;
  from: string;
  until: string;
  look_back_days: number;
  conversions_counted: Conversions;
  half_life_days: number;
  half_life_touches: number;
  order: number;
  with_nulls: boolean;
  customers: number;
  sales: number;
  untouched: number;
  untouched_value: number;
  conversions: number;
  nulls: number;
  open: number;
  paths: number;
  touches: number;
  value: number;
  markov_chance: number;
  markov_states: number;
  reading: string[];
  warnings: string[];
  credit: Table; // name, then a column for each rule
  values: Table;
  campaign_credit: Table;
  campaign_values: Table;
  spread: Table; // name, least, least_rule, most, most_rule, markov, difference
  returns: Table; // name, cost, conversions, value, roas, roas_least, roas_most, cpa
  orders: Table;
  top_paths: Table;
  lengths: Table; // touches, conversions, nulls, share
  times: Table; // days, conversions
}

export interface Attribution {
  run: string | null;
  ran_at?: string;
  result: AttributionResult | null;
}

export interface AttributionRequest {
  from?: string;
  until?: string;
  look_back_days: number;
  conversions: Conversions;
  order: number;
  with_nulls: boolean;
  costs: { channel: string; cost: number }[];
}

export interface RuleShares {
  name: string; // of the column
  label: string;
  shares: number[]; // by channel, of all credit
}

/** Each rule's shares of the credit, in the order of the table's rows. */
export function sharesByRule(table: Table): RuleShares[] {
  return table.columns.slice(1).map(({ name, label }) => {
    const credit = figuresOf(table, name).map((figure) => figure ?? 0);
    const total = sum(credit);

    return { name, label, shares: credit.map((figure) => (total > 0 ? figure / total : 0)) };
  });
}

/** What each channel cost when it was run last; "" where nothing was said. */
export function costsOf(table: Table | undefined): { channel: string; cost: number | "" }[] {
  if (!table) return [];
  const costs = figuresOf(table, "cost");

  return textsOf(table, "name").map((channel, index) => ({ channel, cost: costs[index] ?? "" }));
}
