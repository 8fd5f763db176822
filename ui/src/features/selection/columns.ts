// SPDX-License-Identifier: Apache-2.0
// Columns of the API's tables as arrays, for pictures; and names of periods as people write them.
import type { Cell, Column, Table } from "@/api/client";
import type { Format } from "@/format";

export function valuesOf(table: Table, name: string): Cell[] {
  const index = table.columns.findIndex((column) => column.name === name);
  return table.rows.map((row) => row[index] ?? null);
}

export function figuresOf(table: Table, name: string): (number | null)[] {
  return valuesOf(table, name).map((value) => (typeof value === "number" ? value : null));
}

export function textsOf(table: Table, name: string): string[] {
  return valuesOf(table, name).map((value) => (value === null ? "" : String(value)));
}

export function columnOf(table: Table | undefined, name: string): Column | undefined {
  return table?.columns.find((column) => column.name === name);
}

/** A cell of the first row: of a table of totals. */
export function figureOf(table: Table | undefined, name: string): number | null {
  return table ? (figuresOf(table, name)[0] ?? null) : null;
}

export function sum(figures: readonly (number | null)[]): number {
  return figures.reduce<number>((total, figure) => total + (figure ?? 0), 0);
}

/** now / before − 1; null where there is nothing to compare with. */
export function changeOf(now: number | null, before: number | null): number | null {
  return now === null || before === null || before === 0 ? null : now / before - 1;
}

/** "2011-03" → "Mar 2011"; weeks and quarters stand as they are. */
export function periodLabel(name: string, format: Format): string {
  if (/^\d{4}-\d{2}$/.test(name)) return format.month(name);
  if (/^\d{4}-\d{2}-\d{2}$/.test(name)) return format.day(name);
  return name;
}

/** Figures on an axis: short, without a unit. */
function axisFigure(column: Column | undefined, format: Format) {
  return (value: number) => (column?.type === "share" ? format.share(value) : format.short(value));
}

/** An axis of such figures; of counts without halves. */
export function figureAxis(column: Column | undefined, format: Format) {
  return {
    type: "value",
    axisLabel: { formatter: axisFigure(column, format) },
    ...(column?.type === "integer" ? { minInterval: 1 } : {}),
  };
}

export function cellWriter(column: Column | undefined, format: Format) {
  const of = column ?? { name: "", label: "", type: "number" as const };
  return (value: unknown) => format.cell(typeof value === "number" ? value : null, of);
}
