// SPDX-License-Identifier: Apache-2.0
// The sales report beside that of the year before: rows meet by the names of their periods.
import type { Cell, Column, Table } from "@/api/client";
import { nameYearBefore } from "@/features/selection/period";
import { changeOf, columnOf, figuresOf, textsOf } from "@/features/selection/columns";

export interface SalesReport {
  periods: Table;
  total: Table;
}

export const salesPath = "/api/v1/reports/sales";
export const periodNames = ["day", "week", "month", "quarter", "year"] as const;
export type PeriodName = (typeof periodNames)[number];

/** Figures of the year before, one for each row of `now`; null where that period had none. */
export function figuresBefore(now: Table, before: Table, by: string, figure: string) {
  const known = new Map(
    textsOf(before, by).map((name, index) => [name, figuresOf(before, figure)[index] ?? null]));
  return textsOf(now, by).map((name) => known.get(nameYearBefore(name)) ?? null);
}

/** The report's table with the chosen figure of the year before and its change behind it. */
export function comparedTable(
  now: Table, before: Table, by: string, figure: string, labels: { before: string; change: string },
): Table {
  const place = now.columns.findIndex(({ name }) => name === figure) + 1;
  const column = columnOf(now, figure);
  if (!column) return now;
  const added: Column[] = [
    { ...column, name: "before", label: labels.before },
    { name: "change", label: labels.change, type: "share" },
  ];
  const figures = figuresOf(now, figure);
  const past = figuresBefore(now, before, by, figure);
  const rows = now.rows.map((row, index): Cell[] => [
    ...row.slice(0, place),
    past[index] ?? null, changeOf(figures[index] ?? null, past[index] ?? null),
    ...row.slice(place),
  ]);

  return {
    ...now,
    columns: [...now.columns.slice(0, place), ...added, ...now.columns.slice(place)],
    rows,
  };
}
