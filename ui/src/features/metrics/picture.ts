// SPDX-License-Identifier: Apache-2.0
// A picture for any table of metrics by dimensions: the first metric along the first dimension, a
// series for each of the largest values of the second.
import type { Cell, Table } from "@/api/client";
import { sum } from "@/features/selection/columns";

export const SERIES_MOST = 7;
export const POINTS_MOST = 400;

export interface Picture {
  names: string[]; // along the axis
  series: { name: string; figures: (number | null)[] }[];
}

export interface Words {
  notStated: string;
}

interface Place {
  place: number;
  hasCode: boolean; // stores, cashiers and products have their names behind their codes
}

function placesOf(table: Table, dimensions: readonly string[]): Place[] {
  const find = (wanted: string) => table.columns.findIndex(({ name }) => name === wanted);
  return dimensions.map((name) => {
    const named = find(`${name}_name`);
    return named >= 0 ? { place: named, hasCode: true } : { place: find(name), hasCode: false };
  });
}

function nameOf(row: readonly Cell[], { place, hasCode }: Place, words: Words): string {
  const value = row[place] ?? (hasCode ? row[place - 1] : null);
  return value === null || value === undefined ? words.notStated : String(value);
}

export function pictureOf(
  table: Table, metric: string, dimensions: readonly string[], words: Words,
): Picture {
  const [first, second] = placesOf(table, dimensions);
  const place = table.columns.findIndex((column) => column.name === metric);
  const rows = table.rows.slice(0, POINTS_MOST * (second === undefined ? 1 : SERIES_MOST));
  const figure = (row: readonly Cell[]) => (typeof row[place] === "number" ? row[place] : null);
  const across = (row: readonly Cell[]) =>
    second === undefined ? "" : nameOf(row, second, words);
  const along = (row: readonly Cell[]) => (first ? nameOf(row, first, words) : "");
  const names = [...new Set(rows.map(along))];
  const shown = largest(rows.map((row) => [across(row), figure(row)]));

  return {
    names,
    series: shown.map((name) => ({
      name,
      figures: names.map((label) =>
        figure(rows.find((row) => along(row) === label && across(row) === name) ?? [])),
    })),
  };
}

// The names with the largest sums.
function largest(pairs: [string, number | null][]): string[] {
  const sums = new Map<string, number>();

  for (const [name, figure] of pairs) sums.set(name, sum([sums.get(name) ?? 0, figure]));
  return [...sums].sort(([, one], [, other]) => other - one).slice(0, SERIES_MOST)
    .map(([name]) => name);
}
