// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/uplift, and what POST /api/v1/uplift/runs takes.
import type { Table } from "@/api/client";

export const UPLIFT_PATH = "/api/v1/uplift";
export const RUNS_PATH = `${UPLIFT_PATH}/runs`;

export interface UpliftRequest {
  treated: string;
  control: string;
  start: string;
  arms_on?: string;
  window_days: number;
  spend_at_least?: number;
}

export interface UpliftResult {
  treated_segment: string;
  control_segment: string;
  start: string;
  until: string;
  arms_on: string;
  window_days: number;
  spend_at_least: number | null;
  currency: string;
  members: number;
  several: number;
  never_bought: number;
  every: number;
  as_of: string;
  usable: boolean;
  customers: number; // scored
  treated: number;
  control: number;
  responses_treated: number;
  responses_control: number;
  measured_on: number;
  noise: boolean;
  reading: string[];
  warnings: string[];
  methods: Table; // method, qini, low, high, auuc, at_10, at_30, at_50, noise
  curve: Table; // share, uplift, low, high, gained, gained_low, gained_high, by_chance
  tenths: Table; // tenth, customers, uplift
}

export interface Uplift {
  run: string | null;
  ran_at?: string;
  result: UpliftResult | null;
}
