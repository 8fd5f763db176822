// SPDX-License-Identifier: Apache-2.0
// Which month the page is about, and what it is compared with: the last month that has sales, up to
// the last day with sales, beside the same days a year before.
import type { Cell, Table } from "@/api/client";

export interface Span {
  from: string; // days as YYYY-MM-DD
  to: string;
}

export function valuesOf(table: Table | undefined, name: string): Cell[] {
  const index = table?.columns.findIndex((column) => column.name === name) ?? -1;
  return index < 0 ? [] : table!.rows.map((row) => row[index] ?? null);
}

// A figure of a table that has one row.
export function figureOf(table: Table | undefined, name: string): number | null {
  const value = valuesOf(table, name)[0];
  return typeof value === "number" ? value : null;
}

export function unitOf(table: Table | undefined, name: string): string | undefined {
  return table?.columns.find((column) => column.name === name)?.unit;
}

export function lastOf(table: Table | undefined, name: string): string | undefined {
  const values = valuesOf(table, name).filter((value) => typeof value === "string");
  return values.sort().at(-1);
}

// "2026-03-31" → "2025-03-31"; the 29th of February → the 28th.
export function yearBefore(day: string): string {
  const [year = "", month = "", date = ""] = day.split("-");
  return `${Number(year) - 1}-${month}-${month === "02" && date === "29" ? "28" : date}`;
}

// Is it the last day of its month?
export function isMonthEnd(day: string): boolean {
  return new Date(Date.parse(day) + 86_400_000).getUTCDate() === 1;
}

export function spanBefore({ from, to }: Span): Span {
  return { from: yearBefore(from), to: yearBefore(to) };
}

// 0.05: 5 % more than before; null where there is nothing to compare with.
export function changeOf(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : now / before - 1;
}

export interface MonthPoint {
  month: string; // "2026-03"
  value: number;
  before: number | null; // a year earlier
}

// The last `count` months, without holes: a month without sales is a zero.
export function lastMonths(table: Table, name: string, count: number): MonthPoint[] {
  const months = valuesOf(table, "month");
  const figures = valuesOf(table, name);
  const known = new Map(months.map((month, index) => [String(month), Number(figures[index] ?? 0)]));
  const last = lastOf(table, "month");

  if (!last) return [];
  return Array.from({ length: count }, (_, index) => monthsEarlier(last, count - 1 - index))
    .map((month) => ({
      month, value: known.get(month) ?? 0, before: known.get(monthsEarlier(month, 12)) ?? null,
    }));
}

function monthsEarlier(month: string, count: number): string {
  const [year = 0, of = 1] = month.split("-").map(Number);
  const index = year * 12 + (of - 1) - count;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}`;
}
