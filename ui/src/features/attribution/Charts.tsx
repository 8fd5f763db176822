// SPDX-License-Identifier: Apache-2.0
// How long journeys are, in touches and in days.
import { Chart, DataTable } from "@/components";
import { figuresOf, sum, textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { AttributionResult } from "./attribution";

interface ChartProps {
  result: AttributionResult;
}

const bottom = { nameLocation: "middle", nameGap: 28 } as const;

export function Lengths({ result }: ChartProps) {
  const format = useFormat();
  const table = result.lengths;
  const conversions = figuresOf(table, "conversions");
  const write = (value: unknown) => format.integer(Number(value ?? 0));

  return (
    <Chart height={300}
           summary={t("attribution.lengthsSummary", {
             one: format.share((conversions[0] ?? 0) / Math.max(1, sum(conversions))),
           })}
           table={<DataTable table={table} name={t("attribution.lengths")} />}
           option={{
             legend: {}, tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: textsOf(table, "touches"),
                      name: t("attribution.touches"), ...bottom },
             yAxis: { type: "value", min: 0, minInterval: 1,
                      axisLabel: { formatter: (value: number) => format.short(value) } },
             series: [
               { name: t("attribution.withSale"), type: "bar", stack: "all", data: conversions },
               { name: t("attribution.withoutSale"), type: "bar", stack: "all",
                 data: figuresOf(table, "nulls") },
             ],
           }} />
  );
}

export function Times({ result }: ChartProps) {
  const format = useFormat();
  const table = result.times;
  const conversions = figuresOf(table, "conversions");
  const write = (value: unknown) => format.integer(Number(value ?? 0));

  return (
    <Chart height={300}
           summary={t("attribution.timesSummary", {
             sameDay: format.share((conversions[0] ?? 0) / Math.max(1, sum(conversions))),
           })}
           table={<DataTable table={table} name={t("attribution.times")} />}
           option={{
             tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: textsOf(table, "days"),
                      name: t("attribution.daysAxis"), ...bottom },
             yAxis: { type: "value", min: 0, minInterval: 1,
                      axisLabel: { formatter: (value: number) => format.short(value) } },
             series: [{ name: t("attribution.withSale"), type: "bar", data: conversions }],
           }} />
  );
}
