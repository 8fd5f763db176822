// SPDX-License-Identifier: Apache-2.0
// The registry of metrics, dimensions and filters (GET /api/v1/metrics), and the values that occur
// in a dimension.
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";

export const METRICS_PATH = "/api/v1/metrics";

export interface Registry {
  metrics: Table;
  dimensions: Table;
  filters: Table;
}

export function useRegistry() {
  return useApi<Registry>(METRICS_PATH, {}, { staleTime: Infinity });
}

export interface Named {
  value: string;
  label: string;
}

function column(table: Table | undefined, name: string): string[] {
  const index = table?.columns.findIndex((each) => each.name === name) ?? -1;
  return table?.rows.map((row) => String(row[index] ?? "")) ?? [];
}

function named(table: Table | undefined): Named[] {
  const labels = column(table, "label");
  return column(table, "name").map((value, index) => ({ value, label: labels[index] || value }));
}

export function metricChoices(registry: Registry | undefined): Named[] {
  return named(registry?.metrics);
}

export function dimensionChoices(registry: Registry | undefined): Named[] {
  return named(registry?.dimensions);
}

export function dimensionNames(registry: Registry | undefined): string[] {
  return column(registry?.dimensions, "name");
}

export function labelOfField(field: string, registry: Registry | undefined): string {
  const words = field.replaceAll("_", " ");
  return dimensionChoices(registry).find(({ value }) => value === field)?.label
    ?? words.charAt(0).toUpperCase() + words.slice(1);
}

export function filterFields(registry: Registry | undefined): Named[] {
  return column(registry?.filters, "name")
    .map((value) => ({ value, label: labelOfField(value, registry) }));
}

export function labelOfMetric(name: string, registry: Registry | undefined): string {
  return metricChoices(registry).find(({ value }) => value === name)?.label ?? name;
}

const SUGGESTED = 500; // of the values that occur most

/** Values of a dimension that hold the words sought, the most frequent first. */
export function useValuesOf(dimension: string, sought: string, isWanted = true): Named[] {
  const { data } = useApi<{ values: Table }>(
    `${METRICS_PATH}/receipts/values`, { by: dimension, limit: SUGGESTED },
    { enabled: isWanted, staleTime: 600_000 },
  );
  const hasName = data?.values.columns[1]?.name === `${dimension}_name`;
  const words = sought.trim().toLowerCase();

  return (data?.values.rows ?? [])
    .filter(([value]) => value !== null && value !== undefined)
    .map(([value, name]) => {
      const label = hasName && name ? `${value} · ${name}` : String(value);
      return { value: String(value), label };
    })
    .filter(({ label }) => label.toLowerCase().includes(words));
}
