// SPDX-License-Identifier: Apache-2.0
// The answers of GET /api/v1/forecast and /api/v1/forecast/series.
import type { Column, Table } from "@/api/client";
import type { Format } from "@/format";

export const FORECAST_PATH = "/api/v1/forecast";
export const RUNS_PATH = `${FORECAST_PATH}/runs`;
export const SERIES_PATH = `${FORECAST_PATH}/series`;

export type Grain = "day" | "week" | "month";
export type Method = "naive" | "theta" | "ets";

export interface Errors {
  mean_absolute: number | null;
  mase: number | null;
  smape: number | null;
  coverage_80: number | null;
  coverage_95: number | null;
}

export interface Series {
  metric: string;
  metric_label: string;
  type: "money" | "quantity" | "number";
  unit: string | null;
  dimension: string | null; // null: the total
  value: string | null; // null: none is stated
  label: string | null;
  method: Method;
  model: string;
  origins: number; // 0: too short to be tried on the past
  tested_horizon: number;
  errors: Record<Method, Errors>;
  periods: string[]; // of the history, then of what is ahead
  history: number[];
  mean: number[];
  low_80: (number | null)[];
  high_80: (number | null)[];
  low_95: (number | null)[];
  high_95: (number | null)[];
  total?: Total; // of all periods ahead; runs of before have none
}

export interface Total {
  mean: number;
  low_80: number | null;
  high_80: number | null;
  low_95: number | null;
  high_95: number | null;
}

export interface ForecastResult {
  from: string;
  as_of: string;
  grain: Grain;
  season: number;
  periods: number;
  horizon: number;
  skipped_first_days: number;
  skipped_last_days: number;
  closed_days: number;
  closed_weekdays: number[];
  currency: string | null;
  series: number;
  left_out: number;
  untried: number;
  naive: number;
  seed: number;
  paths: number;
  metrics: string[];
  by: string[];
  totals: Series[];
  ahead: Table; // metric, period, forecast, low_80 …
  tests: Table; // metric, method, mase …, chosen
  parts: Table;
  warnings: string[];
}

export interface Forecast {
  run: string | null;
  ran_at?: string;
  result: ForecastResult | null;
}

export interface SeriesPage {
  series: Series[];
  next?: string;
}

/** "Dec 2010" of a month, the first day of a week or the day itself. */
export function periodName(period: string, grain: Grain, format: Format): string {
  return grain === "month" ? format.month(period.slice(0, 7)) : format.day(period);
}

export function figureWriter({ type, unit }: Series, format: Format) {
  return (value: number | null | undefined) => {
    if (value === null || value === undefined) return "–";
    return type === "money" ? format.amount(value, unit ?? undefined) : format.number(value, 0);
  };
}

export function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Different ones of each period: those of several periods cannot be added up. */
export function isDistinct({ unit }: Series): boolean {
  return unit === "customers" || unit === "products";
}

/** The sum of what is ahead; of what is distinct, that of a period on average. */
export function ahead(series: Series): number {
  return total(series.mean) / (isDistinct(series) ? series.mean.length : 1);
}

/** What is ahead against as many periods before; null where there are not so many. */
export function changeAhead({ mean, history }: Series): number | null {
  const before = total(history.slice(-mean.length));
  return history.length < mean.length || before <= 0 ? null : total(mean) / before - 1;
}

/** The rows of a table that are of one metric, without the column that says so. */
export function ofMetric(table: Table, label: string): Table {
  const at = table.columns.findIndex(({ name }) => name === "metric");
  const without = <Item>(items: readonly Item[]) => items.filter((_, index) => index !== at);
  const rows = table.rows.filter((row) => row[at] === label).map(without);

  return { columns: without<Column>(table.columns), rows, row_count: rows.length };
}
