// SPDX-License-Identifier: Apache-2.0
// Expected beside actual purchases in the hold-out, and how value is spread over customers.
import type { Table } from "@/api/client";
import { Chart, DataTable } from "@/components";
import { figuresOf, sum, textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { LifetimeValueResult } from "./lifetimeValue";

interface ChartProps {
  result: LifetimeValueResult;
}

const bottom = { nameLocation: "middle", nameGap: 28 } as const;

export function ByRepeats({ result }: ChartProps) {
  const format = useFormat();
  const table = result.by_repeats;
  const actual = figuresOf(table, "actual");
  const expected = figuresOf(table, "expected");
  const write = (value: unknown) => format.number(Number(value ?? 0), 2);

  return (
    <Chart height={320}
           summary={t("lifetimeValue.byRepeatsSummary", {
             none: write(actual[0]), noneExpected: write(expected[0]),
             many: write(actual.at(-1)), manyExpected: write(expected.at(-1)),
           })}
           table={<DataTable table={table} name={t("lifetimeValue.byRepeats")} />}
           option={{
             legend: {}, tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: textsOf(table, "repeats"),
                      name: t("lifetimeValue.repeatsBefore"), ...bottom },
             yAxis: { type: "value", min: 0 },
             series: [
               { name: t("lifetimeValue.actual"), type: "bar", barGap: "10%", data: actual },
               { name: t("lifetimeValue.expected"), type: "bar", data: expected },
             ],
           }} />
  );
}

export function ByDay({ result }: ChartProps) {
  const format = useFormat();
  const table = result.by_day;
  const actual = figuresOf(table, "actual");
  const expected = figuresOf(table, "expected");
  const write = (value: unknown) => format.integer(Number(value ?? 0));

  return (
    <Chart height={320}
           summary={t("lifetimeValue.byDaySummary", {
             actual: write(actual.at(-1)), expected: write(expected.at(-1)),
           })}
           table={<DataTable table={table} name={t("lifetimeValue.byDay")} />}
           option={{
             legend: {}, tooltip: { trigger: "axis", valueFormatter: write },
             xAxis: { type: "category", boundaryGap: false,
                      data: textsOf(table, "day").map((day) => format.day(day)) },
             yAxis: { type: "value", min: 0,
                      axisLabel: { formatter: (value: number) => format.short(value) } },
             series: [
               { name: t("lifetimeValue.actual"), type: "line", symbolSize: 5, data: actual },
               { name: t("lifetimeValue.expected"), type: "line", symbolSize: 5,
                 lineStyle: { type: "dashed" }, data: expected },
             ],
           }} />
  );
}

// What a new customer of each cohort will buy in the first year, with the interval.
export function Cohorts({ table, reading }: { table: Table; reading: string }) {
  const format = useFormat();
  const write = (value: unknown) => format.number(Number(value ?? 0), 2);

  return (
    <Chart height={320} summary={reading}
           table={<DataTable table={table} name={t("lifetimeValue.cohorts")} />}
           option={{
             legend: {}, tooltip: { trigger: "axis", valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: textsOf(table, "from").map((day) => format.day(day)),
                      name: t("lifetimeValue.cohortAxis"), ...bottom },
             yAxis: { type: "value", min: 0 },
             series: [
               { name: t("lifetimeValue.newcomer"), type: "bar",
                 data: figuresOf(table, "newcomer") },
               { name: t("lifetimeValue.atLeast"), type: "scatter", symbol: "triangle",
                 data: figuresOf(table, "low") },
               { name: t("lifetimeValue.atMost"), type: "scatter", symbol: "diamond",
                 data: figuresOf(table, "high") },
             ],
           }} />
  );
}

export function Tenths({ result }: ChartProps) {
  const format = useFormat();
  const table = result.tenths;
  const shares = figuresOf(table, "share");
  const write = (value: unknown) => format.share(Number(value ?? 0));

  return (
    <Chart height={320}
           summary={t("lifetimeValue.tenthsSummary", {
             first: write(shares[0]), half: write(sum(shares.slice(0, 5))),
           })}
           table={<DataTable table={table} name={t("lifetimeValue.tenths")} />}
           option={{
             tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: textsOf(table, "tenth"),
                      name: t("lifetimeValue.tenthsAxis"), ...bottom },
             yAxis: { type: "value", min: 0,
                      axisLabel: { formatter: (value: number) => format.percent(value * 100) } },
             series: [{ name: t("lifetimeValue.ofValue"), type: "bar", data: shares }],
           }} />
  );
}
