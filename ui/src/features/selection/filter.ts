// SPDX-License-Identifier: Apache-2.0
// Filters as the API writes them ("country=France", "quantity>0") and as people read them.
import { t } from "@/i18n";
import type { Registry } from "./registry";
import { labelOfField } from "./registry";

export interface FilterParts {
  field: string;
  operator: string;
  value: string;
}

const NUMBERS = ["quantity", "unit_price", "discount", "gross", "vat_rate"];

export function operatorsOf(field: string): string[] {
  return NUMBERS.includes(field) ? [">", ">=", "<", "<=", "=", "!="] : ["=", "!="];
}

export function joinFilter({ field, operator, value }: FilterParts): string {
  return `${field}${operator}${value.trim()}`;
}

export function splitFilter(filter: string): FilterParts | undefined {
  const [, field, operator, value] = /^([a-z_]+)\s*(!=|>=|<=|=|>|<)\s*(.*)$/s.exec(filter) ?? [];
  return field && operator ? { field, operator, value: value ?? "" } : undefined;
}

export function filterWords(filter: string, registry: Registry | undefined): string {
  const parts = splitFilter(filter);

  if (!parts) return filter;
  if (filter === "customer=known") return t("selection.knownCustomers");
  if (filter === "customer=anonymous") return t("selection.anonymousSales");
  const operator = parts.operator === "=" ? "" : `${parts.operator} `;
  const value = parts.value || t("selection.notStated");
  return `${labelOfField(parts.field, registry)} ${operator}${value}`;
}
