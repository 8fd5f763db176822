// SPDX-License-Identifier: Apache-2.0
// A table as a CSV file, made in the browser: values as the server sent them, so that a program can
// read them, and heads as they are shown.
import type { Cell, Column } from "@/api/client";

interface CsvColumn {
  label: string;
  index: number;
  column: Column;
}

// A text that a spreadsheet would take for a formula gets an apostrophe before it.
function cellText(value: Cell, column: Column): string {
  if (value === null) return "";
  const text = String(value);
  const guarded = column.type === "text" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;

  return /[",\n\r]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

export function csvOf(columns: readonly CsvColumn[], rows: readonly (readonly Cell[])[]): string {
  const asText: Column = { name: "", label: "", type: "text" };
  const head = columns.map(({ label }) => cellText(label, asText));
  const body = rows.map((cells) =>
    columns.map(({ index, column }) => cellText(cells[index] ?? null, column)));

  return [head, ...body].map((line) => line.join(",")).join("\r\n") + "\r\n";
}

export function downloadCsv(
  name: string, columns: readonly CsvColumn[], rows: readonly (readonly Cell[])[],
): void {
  saveFile(`${name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.csv`,
           new Blob(["\ufeff", csvOf(columns, rows)], { type: "text/csv;charset=utf-8" }));
}

export function saveFile(name: string, blob: Blob): void {
  const link = document.createElement("a");

  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a busy browser begins late
}
