// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/retention.
import type { Table } from "@/api/client";

export const RETENTION_PATH = "/api/v1/retention";

export interface Tenure {
  silence_days: number;
  silence_is_given: boolean;
  customers: number;
  repeat_purchases: number;
  second_median: number | null; // days
  silence_median: number | null;
  gap_median: number | null;
  gap_nine_of_ten: number | null;
  sbg_alpha: number | null;
  sbg_beta: number | null;
  cohorts: Table; // month, customers, of, share, low, high
  second: Table; // days, at_risk, share, low, high
  silence: Table;
  gaps: Table; // from, to, count, share
  categories: Table;
  win_back: Table; // silent_days, silences, back_30, low_30, …
  rates: Table; // month, active, stayed, retention, low, high, churn
  contracts: Table; // month, at_risk, share, low, high, projected, renewal_rate
  reasons: Table; // reason, event, count, customers
  warnings: string[];
}
