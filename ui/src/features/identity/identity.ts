// SPDX-License-Identifier: Apache-2.0
// One customer's identity graph as the server tells it.
import type { Table } from "@/api/client";
import { recordsOf, textOf, type Record } from "@/api/records";
import { customerPath, kindWords } from "@/features/customers/customer";
import { t, type Key } from "@/i18n";

export interface Identity {
  id: string;
  identifiers: Table;
  links: Table;
  kept_apart: Table;
}

export const CONFLICTS_PATH = "/api/v1/identity/conflicts";
export const GUARDS_PATH = "/api/v1/identity/guards";
export const CUSTOMERS_PAGE = "/customers";

// What a change of the graph makes stale.
export const STALE = ["/api/v1/customers", CONFLICTS_PATH, GUARDS_PATH] as const;

export function identityPath(id: string): string {
  return `${customerPath(id)}/identity`;
}

const REASONS = [
  "seen_together", "master_record", "by_hand", "alias", "identify", "track", "page", "screen",
  "group", "receipt", "webhook", "limit_per_kind", "too_many_joins", "undone_by_hand",
  "alias_of_known", "circuit_breaker",
];

export function reasonWords(reason: string): string {
  return REASONS.includes(reason) ? t(`identity.${reason}` as Key) : reason;
}

export function endWords(record: Record, end: "a" | "b"): string {
  return `${kindWords(textOf(record, `kind_${end}`))} ${textOf(record, `value_${end}`)}`;
}

export function identifierWords(record: Record): string {
  return `${kindWords(textOf(record, "kind"))} ${textOf(record, "value")}`;
}

export function isLive(link: Record): boolean {
  return link.undone_at === null;
}

// ---- where the tiles of the picture stand ----

export interface Place {
  id: string;
  column: number;
  row: number;
}

// The steps of each identifier from the one with the most links, which stands at the left; of those
// in one column the first seen stands on top. Identifiers of other customers, to which links were
// undone, come last.
export function placesOf(identity: Identity): Map<string, Place> {
  const own = recordsOf(identity.identifiers).map((each) => textOf(each, "id"));
  const links = recordsOf(identity.links);
  const steps = stepsFrom(centreOf(own, links), links);
  const far = Math.max(0, ...own.map((id) => steps.get(id) ?? 0)) + 1;
  const all = [...new Set([...own, ...links.flatMap(endsOf)])];
  const rows = new Map<number, number>();
  const places = new Map<string, Place>();

  for (const id of all) {
    const column = own.includes(id) ? steps.get(id) ?? 0 : far;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    places.set(id, { id, column, row });
  }
  return places;
}

export function endsOf(link: Record): string[] {
  return [textOf(link, "identifier_a"), textOf(link, "identifier_b")];
}

function centreOf(own: readonly string[], links: readonly Record[]): string | undefined {
  const live = links.filter(isLive);
  const degree = (id: string) => live.filter((link) => endsOf(link).includes(id)).length;

  return [...own].sort((a, b) => degree(b) - degree(a))[0];
}

function stepsFrom(centre: string | undefined, links: readonly Record[]): Map<string, number> {
  const steps = new Map<string, number>(centre ? [[centre, 0]] : []);

  for (let before = 0; steps.size > before;) {
    before = steps.size;
    for (const link of links.filter(isLive)) {
      const [a, b] = endsOf(link) as [string, string];
      const [stepA, stepB] = [steps.get(a), steps.get(b)];
      if (stepA !== undefined && stepB === undefined) steps.set(b, stepA + 1);
      else if (stepB !== undefined && stepA === undefined) steps.set(a, stepB + 1);
    }
  }
  return steps;
}
