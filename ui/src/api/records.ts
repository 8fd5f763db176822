// SPDX-License-Identifier: Apache-2.0
// A table's rows by the names of their columns, for what is not shown as a table.
import type { Cell, Table } from "./client";

export type Record = Readonly<{ [column: string]: Cell }>;

export function recordsOf(table: Table): Record[] {
  return table.rows.map((row) =>
    Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index] ?? null])));
}

export function textOf(record: Record, name: string): string {
  return String(record[name] ?? "");
}

export function numberOf(record: Record, name: string): number {
  return Number(record[name] ?? 0);
}
