// SPDX-License-Identifier: Apache-2.0
// The answers of /api/v1/drivers, and the question that a person puts.
import type { Table } from "@/api/client";
import { figuresOf, textsOf, valuesOf } from "@/features/selection/columns";

export const DRIVERS_PATH = "/api/v1/drivers";
export const FIELDS_PATH = `${DRIVERS_PATH}/fields`;
export const RUNS_PATH = `${DRIVERS_PATH}/runs`;

export type Unit = "receipts" | "customers";

export interface DriversResult {
  of: Unit;
  outcome: string;
  outcome_label: string;
  logarithm: boolean;
  unit: string | null;
  confidence_percent: number;
  from: string;
  to: string;
  rows: number;
  incomplete_rows: number;
  not_positive_rows: number;
  correlated_rows: number;
  r_squared: number;
  adjusted_r_squared: number;
  f: number | null;
  f_p: number | null;
  residual_deviation: number;
  aic: number | null;
  bic: number | null;
  condition: number;
  scaled_condition: number;
  durbin_watson: number | null;
  breusch_pagan: number | null;
  breusch_pagan_p: number | null;
  jarque_bera: number | null;
  jarque_bera_p: number | null;
  skewness: number | null;
  kurtosis: number | null;
  highest_leverage: number;
  highest_cook: number | null;
  coefficient_count: number;
  outlying_rows: number;
  leverage_rows: number;
  influential_rows: number;
  coefficients: Table; // driver, level, reference, rows, step, effect, …
  terms: Table; // driver, coefficients, share, f, p, inflation
  correlations: Table;
  influential: Table; // id, fitted, residual, studentised, leverage, cook
  sample: Table; // the same without id
  quantiles: Table; // normal, studentised
  reading: string[];
  warnings: string[];
}

export interface Drivers {
  run: string | null;
  ran_at?: string;
  result: DriversResult | null;
}

export interface Question {
  of: Unit;
  outcome: string;
  drivers: string[];
  interplay: string; // "channel:weekday"; "" for none
  from: string;
  to: string;
  logarithm: boolean;
}

export interface Field {
  value: string;
  label: string;
}

/** What a question of this unit may choose from: "outcome" or "driver". */
export function fieldsOf(fields: Table | undefined, of: Unit, role: "outcome" | "driver"): Field[] {
  if (!fields) return [];
  const units = textsOf(fields, "of");
  const may = valuesOf(fields, role);
  const labels = textsOf(fields, "label");

  return textsOf(fields, "name")
    .map((value, i) => ({
      value, label: labels[i] ?? value, fits: units[i] === of && may[i] === true,
    }))
    .filter(({ fits }) => fits)
    .map(({ value, label }) => ({ value, label }));
}

/** The body of POST …/runs. */
export function bodyOf({ interplay, from, to, ...question }: Question) {
  return {
    of: question.of,
    outcome: question.outcome,
    drivers: interplay ? [...question.drivers, interplay] : question.drivers,
    logarithm: question.logarithm,
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

/** Pairs of drivers, each of which may go with the outcome differently by the other. */
export function pairsOf(drivers: readonly Field[]): Field[] {
  return drivers.flatMap((a, i) => drivers.slice(i + 1).map((b) => ({
    value: `${a.value}:${b.value}`, label: `${a.label} × ${b.label}`,
  })));
}

export interface Effect {
  name: string;
  effect: number;
  low: number | null;
  high: number | null;
}

/**
 * The coefficients that a picture shows, those of the drivers that explain most before others; the
 * last one comes first: axes count upwards.
 */
export function effectsOf({ coefficients: table, terms }: DriversResult, most: number): Effect[] {
  const shares = figuresOf(terms, "share");
  const shareOf = new Map(textsOf(terms, "driver").map((name, i) => [name, shares[i] ?? 0]));
  const at = (name: string) => table.columns.findIndex((column) => column.name === name);
  const [driver, level, reference, effect, low, high] =
    ["driver", "level", "reference", "effect", "effect_low", "effect_high"].map(at) as
      [number, number, number, number, number, number];
  const figure = (value: unknown) => (typeof value === "number" ? value : null);

  return table.rows
    .filter((row) => typeof row[effect] === "number")
    .sort((a, b) => (shareOf.get(String(b[driver])) ?? 0) - (shareOf.get(String(a[driver])) ?? 0))
    .slice(0, most)
    .map((row) => ({
      name: `${row[driver]}${row[level] ? `: ${row[level]}` : ""}` +
        (row[reference] ? "" : " *"),
      effect: Number(row[effect]), low: figure(row[low]), high: figure(row[high]),
    }))
    .reverse();
}

/** The same text at most `most` characters long. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
