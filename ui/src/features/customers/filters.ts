// SPDX-License-Identifier: Apache-2.0
// The filters of the customer list: as the address keeps them, and as the condition tree that the
// server is asked with, the same that a segment is made of.
import type { Clause, Tree } from "@/features/segments/tree";

export const bought = ["in30", "in90", "in365", "notIn90", "notIn365", "never"] as const;
export type Bought = (typeof bought)[number];
export const contacts = ["email", "phone", "card"] as const;
export type Contact = (typeof contacts)[number];

export interface Filters {
  country: string[]; // any of these
  bought: Bought | "";
  spentFrom: string; // amounts as they were typed; "": open
  spentTo: string;
  consent: string; // "newsletter email", "!newsletter email" for who has not given it
  segment: string;
  group: string[]; // of RFM
  has: Contact[]; // all of these
}

export const noFilters: Filters = {
  country: [], bought: "", spentFrom: "", spentTo: "", consent: "", segment: "", group: [], has: [],
};

// Names in the address.
const one = {
  bought: "bought", spentFrom: "spent-from", spentTo: "spent-to", consent: "consent",
  segment: "segment",
} as const;
const many = { country: "country", group: "rfm", has: "has" } as const;

function only<Name extends string>(names: readonly Name[], values: readonly string[]): Name[] {
  return names.filter((name) => values.includes(name));
}

export function filtersIn(search: URLSearchParams): Filters {
  const value = (name: string) => search.get(name) ?? "";
  return {
    country: search.getAll(many.country),
    bought: only(bought, [value(one.bought)])[0] ?? "",
    spentFrom: value(one.spentFrom),
    spentTo: value(one.spentTo),
    consent: value(one.consent),
    segment: value(one.segment),
    group: search.getAll(many.group),
    has: only(contacts, search.getAll(many.has)),
  };
}

/** The address with these filters; what else stands in it stays. */
export function withFilters(search: URLSearchParams, filters: Filters): URLSearchParams {
  const next = new URLSearchParams(search);

  for (const [member, name] of Object.entries(one) as [keyof typeof one, string][]) {
    next.delete(name);
    if (filters[member] !== "") next.set(name, filters[member]);
  }
  for (const [member, name] of Object.entries(many) as [keyof typeof many, string][]) {
    next.delete(name);
    filters[member].forEach((value) => next.append(name, value));
  }
  return next;
}

// ---- as conditions ----

const boughtClauses: Record<Bought, Clause> = {
  in30: { sales: "days_since_last", operator: "<", value: 30 },
  in90: { sales: "days_since_last", operator: "<", value: 90 },
  in365: { sales: "days_since_last", operator: "<", value: 365 },
  notIn90: { sales: "days_since_last", operator: ">=", value: 90 },
  notIn365: { sales: "days_since_last", operator: ">=", value: 365 },
  never: { sales: "count", operator: "is", value: 0 },
};

export interface Consent {
  purpose: string;
  channel: string;
  isGiven: boolean;
}

/** Purposes may hold blanks, channels do not. */
export function consentOf(text: string): Consent | undefined {
  const [, not, purpose, channel] = /^(!?)(.+) (\S+)$/s.exec(text) ?? [];
  return purpose && channel ? { purpose, channel, isGiven: not === "" } : undefined;
}

function spent(operator: ">=" | "<=", amount: string): Clause[] {
  const value = Number(amount);
  return amount === "" || !Number.isFinite(value) ? []
    : [{ sales: "sum_gross", operator, value }];
}

/** The conditions of all filters; undefined without any. */
export function treeOfFilters(filters: Filters): Tree | undefined {
  const consent = consentOf(filters.consent);
  const all: Clause[] = [
    ...(filters.country.length > 0
      ? [{ attribute: "country", operator: "in", value: filters.country }] : []),
    ...(filters.bought ? [boughtClauses[filters.bought]] : []),
    ...spent(">=", filters.spentFrom),
    ...spent("<=", filters.spentTo),
    ...(filters.group.length > 0 ? [{ rfm: "group", operator: "in", value: filters.group }] : []),
    ...(consent ? [{ consent: consent.purpose, channel: consent.channel,
                     operator: consent.isGiven ? "granted" : "not_granted" }] : []),
    ...filters.has.map((contact) => ({ attribute: `has_${contact}`, operator: "is", value: true })),
    ...(filters.segment ? [{ segment: filters.segment, operator: "in" }] : []),
  ];
  return all.length > 0 ? { all } : undefined;
}
