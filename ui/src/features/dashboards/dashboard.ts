// SPDX-License-Identifier: Apache-2.0
// A dashboard as the API keeps it, and how its tiles are moved about.
import type { Preset } from "@/features/selection/period";

export const DASHBOARDS_PATH = "/api/v1/dashboards";
export const pathOf = (name: string) => `${DASHBOARDS_PATH}/${encodeURIComponent(name)}`;
export const addressOf = (name: string) => `/analyze/dashboards/${encodeURIComponent(name)}`;

export const sheetPathOf = (name: string) => `${pathOf(name)}/sheet`;
export const mailsPathOf = (name: string) => `${pathOf(name)}/mails`;

export type Rhythm = "day" | "week" | "month";
export type SheetFormat = "pdf" | "png";
export interface Mail {
  to: string[];
  every: Rhythm;
  day: number; // 1 Monday … 7 of a week, 1 … 28 of a month
  hour: number;
  format: SheetFormat;
}

/** Addresses as people write them in one field: with commas, semicolons or blanks between. */
export function addressesIn(written: string): string[] {
  return [...new Set(written.split(/[\s,;]+/).filter((address) => address !== ""))];
}

export const kinds =
  ["figure", "chart", "table", "text", "segment", "bridge", "forecast"] as const;
export type Kind = (typeof kinds)[number];
export type Comparison = "" | "year" | "previous";

export interface Tile {
  kind: Kind;
  title?: string;
  metric?: string; // names, with commas
  by?: string;
  shape?: "bar" | "line";
  way?: "articles" | "receipts" | "customers";
  text?: string;
  segment?: string;
  target?: number;
  width?: number; // quarters of the page
}

export interface Definition {
  period?: Exclude<Preset, "custom">;
  compare?: Comparison;
  tiles: Tile[];
}

export interface Dashboard {
  name: string;
  description: string;
  definition: Definition;
}

// What a new page begins with: something to see, and to change.
export const beginning: Definition = {
  period: "last12months",
  compare: "year",
  tiles: [
    { kind: "figure", metric: "revenue_gross", width: 1 },
    { kind: "figure", metric: "receipts", width: 1 },
    { kind: "figure", metric: "customers", width: 1 },
    { kind: "figure", metric: "basket_value", width: 1 },
    { kind: "chart", metric: "revenue_gross", by: "month", shape: "bar", width: 2 },
    { kind: "forecast", width: 2 },
    { kind: "bridge", way: "receipts", width: 2 },
    { kind: "table", metric: "revenue_gross,receipts", by: "store", width: 2 },
  ],
};

export function newTile(kind: Kind): Tile {
  switch (kind) {
    case "figure": return { kind, metric: "revenue_gross", width: 1 };
    case "chart": return { kind, metric: "revenue_gross", by: "month", shape: "bar", width: 2 };
    case "table": return { kind, metric: "revenue_gross", by: "store", width: 2 };
    case "text": return { kind, text: "", width: 2 };
    case "segment": return { kind, segment: "", width: 1 };
    case "bridge": return { kind, way: "articles", width: 2 };
    case "forecast": return { kind, width: 2 };
  }
}

// Without what its kind does not need, as the server wants it.
export function tidy(tile: Tile): Tile {
  const { kind, title, width } = tile;
  const shared = { kind, ...(title?.trim() && { title: title.trim() }), ...(width && { width }) };

  switch (kind) {
    case "figure":
      return { ...shared, metric: tile.metric ?? "",
               ...(tile.target !== undefined && { target: tile.target }) };
    case "chart":
      return { ...shared, metric: tile.metric ?? "", by: tile.by ?? "",
               ...(tile.shape && { shape: tile.shape }) };
    case "table": return { ...shared, metric: tile.metric ?? "", by: tile.by ?? "" };
    case "text": return { ...shared, text: tile.text ?? "" };
    case "segment": return { ...shared, segment: tile.segment ?? "" };
    case "bridge": return { ...shared, way: tile.way ?? "articles" };
    case "forecast": return shared;
  }
}

export function isWhole(tile: Tile): boolean {
  switch (tile.kind) {
    case "figure": return Boolean(tile.metric);
    case "chart": case "table": return Boolean(tile.metric && tile.by);
    case "text": return Boolean(tile.text?.trim());
    case "segment": return Boolean(tile.segment);
    case "bridge": case "forecast": return true;
  }
}

export function moved(tiles: readonly Tile[], place: number, by: -1 | 1): Tile[] {
  const other = place + by;
  const next = [...tiles];

  if (other < 0 || other >= tiles.length) return next;
  [next[place], next[other]] = [next[other]!, next[place]!];
  return next;
}
