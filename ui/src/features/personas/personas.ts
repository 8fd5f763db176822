// SPDX-License-Identifier: Apache-2.0
// The answer of GET /api/v1/personas, and what the page makes of it.
import type { Cell, Table } from "@/api/client";

export const PERSONAS_PATH = "/api/v1/personas";
export const RUNS_PATH = `${PERSONAS_PATH}/runs`;

export interface PersonasResult {
  currency: string;
  as_of: string;
  before: string;
  customers: number;
  method: string;
  seed: number;
  frozen: boolean;
  reason: string;
  sample: number;
  personas: Table;
  effects: Table; // persona, feature, of, type, mean, others, effect, grouped
  baskets: Table; // persona, product, share, all, lift
  channels: Table; // persona, channel, receipts, share
  moves: Table; // from, to, customers
  moved_up: number;
  moved_down: number;
  stayed: number;
  map: Table; // across, up, persona
  explained_across: number;
  explained_up: number;
  axes: Table;
  choice: Table; // personas, silhouette, stability, bic, inertia, chosen
  warnings: string[];
}

export interface Personas {
  run: string | null;
  ran_at?: string;
  result: PersonasResult | null;
}

/** Rows of a table as objects by column. */
export function rowsOf({ columns, rows }: Table): Record<string, Cell>[] {
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

export interface Card {
  number: number;
  name: string;
  label: string;
  row: Record<string, Cell>;
  apart: Record<string, Cell>[]; // the largest effects first
  basket: Record<string, Cell>[];
  channels: Record<string, Cell>[];
}

const SHOWN = 4;

const EFFECT_LEAST = 0.1; // "0.2 is little"

/** An effect is one on the scaled feature: where few customers pull the mean of the others the
 *  other way, the two means beside it would seem to say the opposite. */
const agrees = ({ mean, others, effect }: Record<string, Cell>) =>
  (Number(mean) - Number(others)) * Number(effect) > 0 && Math.abs(Number(effect)) >= EFFECT_LEAST;

/** A card for each persona; names that people gave stand for those of the run. */
export function cardsOf(result: PersonasResult, names: Table | undefined): Card[] {
  const given = new Map((names?.rows ?? []).map(([number, name]) => [number, String(name)]));
  const effects = rowsOf(result.effects);
  const baskets = rowsOf(result.baskets);
  const channels = rowsOf(result.channels);

  return rowsOf(result.personas).map((row) => ({
    number: Number(row.persona),
    name: given.get(row.persona ?? null) ?? String(row.label),
    label: String(row.label),
    row,
    apart: effects.filter((each) => each.persona === row.persona && agrees(each))
      .sort((a, b) => Math.abs(Number(b.effect)) - Math.abs(Number(a.effect)))
      .slice(0, SHOWN),
    basket: baskets.filter(({ persona, lift }) => persona === row.persona && Number(lift) > 1)
      .slice(0, SHOWN),
    channels: channels.filter(({ persona }) => persona === row.persona)
      .sort((a, b) => Number(b.share) - Number(a.share)).slice(0, SHOWN),
  }));
}

export interface Matrix {
  rows: Cell[];
  columns: Cell[];
  count: (row: Cell, column: Cell) => number;
  total: (row: Cell) => number;
}

/** Counts by the first two columns of a table; `rows` and `columns` say the order. */
export function matrixOf(table: Table, rows: Cell[], columns: Cell[]): Matrix {
  const counts = new Map(table.rows.map(([a, b, count]) =>
    [JSON.stringify([a, b]), Number(count)]));
  const count = (row: Cell, column: Cell) => counts.get(JSON.stringify([row, column])) ?? 0;

  return {
    rows: rows.filter((row) => columns.some((column) => count(row, column) > 0)),
    columns: columns.filter((column) => rows.some((row) => count(row, column) > 0)),
    count,
    total: (row) => columns.reduce<number>((sum, column) => sum + count(row, column), 0),
  };
}

export interface Flow {
  from: Cell;
  to: Cell;
  count: number;
}

/** The cells of a matrix in which anybody is. */
export function flowsOf({ rows, columns, count }: Matrix): Flow[] {
  return rows.flatMap((from) => columns.map((to) => ({ from, to, count: count(from, to) })))
    .filter((flow) => flow.count > 0);
}
