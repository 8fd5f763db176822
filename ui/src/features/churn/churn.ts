// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/churn.
import type { Table } from "@/api/client";

export const CHURN_PATH = "/api/v1/churn";
export const RUNS_PATH = `${CHURN_PATH}/runs`;

export interface ChurnResult {
  from: string;
  as_of: string;
  horizon_days: number;
  active_days: number;
  usable: boolean;
  refusal: string;
  model: string;
  naive: string;
  log_loss: number;
  naive_log_loss: number;
  auc: number | null;
  months_tested: number;
  months_won: number;
  tested: number;
  past_share: number;
  customers: number;
  expected: number | null;
  calibration: Table; // tenth, customers, expected, actual, low, high
  lift: Table; // tenth, customers, left, share, lift, gain
  drivers: Table; // name, label, importance, direction, definition
  bands: Table; // from, to, customers, expected
  models: Table;
  months: Table; // as_of, taught, customers, left, actual, expected, …
  warnings: string[];
}

export interface Churn {
  run: string | null;
  ran_at?: string;
  result: ChurnResult | null;
}
