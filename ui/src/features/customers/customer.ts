// SPDX-License-Identifier: Apache-2.0
// One customer as the server tells it.
import type { Table } from "@/api/client";
import { recordsOf, textOf } from "@/api/records";
import { t, type Key } from "@/i18n";

export interface Profile {
  name?: string;
  given_name?: string;
  family_name?: string;
  company?: string;
  birth_day?: string;
  gender?: string;
  language?: string;
  street?: string;
  postal_code?: string;
  city?: string;
  region?: string;
  country?: string;
  created_at?: string;
  attributes?: Record<string, unknown>;
}

export interface Customer {
  id: string;
  profile: Profile;
  identifiers: Table;
  totals: Table;
  consents: Table;
  channels: string[];
  origins: Table;
  links: Table;
}

export const CUSTOMERS_PATH = "/api/v1/customers";

export function customerPath(id: string): string {
  return `${CUSTOMERS_PATH}/${encodeURIComponent(id)}`;
}

export function calledByNumber(number: string): string {
  return number ? t("customers.number", { number }) : t("customers.unnamed");
}

export function nameOf({ profile, identifiers }: Customer): string {
  const parts = [profile.given_name, profile.family_name].filter(Boolean).join(" ");
  const number = recordsOf(identifiers).find(({ kind }) => kind === "customer_number");

  return profile.name || parts || profile.company
    || calledByNumber(number ? textOf(number, "value") : "");
}

const KINDS = [
  "email", "phone", "loyalty_card", "customer_number", "cookie", "device", "social", "pickup_code",
  "message",
];

export function kindWords(kind: string): string {
  return KINDS.includes(kind) ? t(`customers.${kind}` as Key) : kind;
}
