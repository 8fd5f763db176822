// SPDX-License-Identifier: Apache-2.0
// One import as the server tells it.
import type { Table } from "@/api/client";
import { t, type Key } from "@/i18n";
import { KINDS } from "./mapping";

export const IMPORTS_PATH = "/api/v1/imports";

export function importPath(id: string): string {
  return `${IMPORTS_PATH}/${encodeURIComponent(id)}`;
}

export interface Tally {
  read: number;
  accepted: number;
  duplicate: number;
  quarantined: number;
}

export type Counts = { readonly [name: string]: number };

export interface Import {
  import: Table; // one row
  job_id: string;
  source: string;
  finished_at?: string;
  undone_at?: string;
  counts: Counts;
  refused: Table; // waiting rows by reason
  mapping: unknown;
}

export function kindWords(kind: string): string {
  return (KINDS as readonly string[]).includes(kind) ? t(`imports.${kind}` as Key) : kind;
}

const STATES = ["running", "done", "undoing", "undone"];

export function stateWords(state: string): string {
  return STATES.includes(state) ? t(`imports.${state}` as Key) : state;
}

// As struct import_counts of the program has them.
export const COUNTS = [
  "customers_created", "customers_updated", "customers_joined", "joins_refused",
  "identifiers_unreadable", "addresses_erased", "sales_created", "lines_added", "anonymous_lines",
  "refund_lines_tied", "products_created", "products_updated", "stores_created", "stores_updated",
  "staff_created", "staff_updated", "events_created", "consents_created",
] as const;

// Those that are not zero, in the order in which they are told.
export function countsOf(source: { readonly [name: string]: unknown }) {
  return COUNTS.map((name) => ({ name, label: t(`imports.${name}`), count: Number(source[name]) }))
    .filter(({ count }) => count > 0);
}

export function tallyOf(source: { readonly [name: string]: unknown }): Tally {
  const count = (name: string) => Number(source[name] ?? 0);
  return {
    read: count("read"), accepted: count("accepted"), duplicate: count("duplicate"),
    quarantined: count("quarantined"),
  };
}
