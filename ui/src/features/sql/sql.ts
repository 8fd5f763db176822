// SPDX-License-Identifier: Apache-2.0
// What the pages of SQL share: the addresses of the API and the shapes of its answers.
import { call, type Table } from "@/api/client";

export const SQL_PATH = "/api/v1/sql";
export const COLUMNS_PATH = "/api/v1/sql/columns";
export const QUERIES_PATH = "/api/v1/queries";

export interface SavedQuery {
  name: string;
  description: string;
  query: string;
}

export interface SqlAnswer {
  result: Table;
  truncated?: boolean;
  milliseconds: number; // until it was here
}

export async function ask(query: string, limit: number, signal: AbortSignal): Promise<SqlAnswer> {
  const began = performance.now();
  const answer = await call<Omit<SqlAnswer, "milliseconds">>(
    "POST", SQL_PATH, { query, limit }, undefined, signal,
  );

  return { ...answer, milliseconds: performance.now() - began };
}

export interface LakeTable {
  name: string;
  columns: { name: string; type: string }[];
}

// Rows of (table, column, type) in the order of tables.
export function tablesOf(table: Table): LakeTable[] {
  const tables: LakeTable[] = [];

  for (const [name, column, type] of table.rows.map((row) => row.map(String))) {
    if (tables.at(-1)?.name !== name) tables.push({ name: name ?? "", columns: [] });
    tables.at(-1)?.columns.push({ name: column ?? "", type: type ?? "" });
  }
  return tables;
}

// What the editor completes: the names of columns by table.
export function namesOf(tables: readonly LakeTable[]): { [table: string]: string[] } {
  return Object.fromEntries(
    tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
  );
}
