// SPDX-License-Identifier: Apache-2.0
// How well the model knew past months, what moves its scores, and how they are spread today.
import { Chart, DataTable } from "@/components";
import { figuresOf, sum, textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { ChurnResult } from "./churn";

interface ChartProps {
  result: ChurnResult;
}

const bottom = { nameLocation: "middle", nameGap: 28 } as const;

export function Calibration({ result }: ChartProps) {
  const format = useFormat();
  const table = result.calibration;
  const expected = figuresOf(table, "expected");
  const actual = figuresOf(table, "actual");
  const low = figuresOf(table, "low");
  const high = figuresOf(table, "high");
  const write = (value: unknown) => format.share(Number(value ?? 0));

  return (
    <Chart height={320}
           summary={t("churn.calibrationSummary", {
             high: write(expected[0]), highActual: write(actual[0]),
             low: write(expected.at(-1)), lowActual: write(actual.at(-1)),
           })}
           table={<DataTable table={table} name={t("churn.calibration")} />}
           option={{
             legend: { data: [t("churn.actual"), t("churn.expected")] },
             tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: textsOf(table, "tenth"),
                      name: t("churn.tenthsAxis"), ...bottom },
             yAxis: { type: "value", min: 0,
                      axisLabel: { formatter: (value: number) => format.percent(value * 100) } },
             series: [
               { name: t("churn.actual"), type: "bar", data: actual },
               { name: t("churn.expected"), type: "line", symbolSize: 8, lineStyle: { width: 2 },
                 data: expected },
               { name: t("churn.low"), type: "scatter", symbol: "rect", symbolSize: [14, 2],
                 itemStyle: { color: "#868e96" }, data: low },
               { name: t("churn.high"), type: "scatter", symbol: "rect", symbolSize: [14, 2],
                 itemStyle: { color: "#868e96" }, data: high },
             ],
           }} />
  );
}

export function Lift({ result }: ChartProps) {
  const format = useFormat();
  const table = result.lift;
  const gain = figuresOf(table, "gain");
  const write = (value: unknown) => format.share(Number(value ?? 0));
  const tenths = textsOf(table, "tenth");

  return (
    <Chart height={320}
           summary={t("churn.liftSummary", {
             first: write(gain[0]), third: write(gain[2]),
             lift: format.number(figuresOf(table, "lift")[0] ?? 0, 2),
           })}
           table={<DataTable table={table} name={t("churn.lift")} />}
           option={{
             legend: {}, tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", boundaryGap: false, name: t("churn.liftAxis"), ...bottom,
                      data: [0, ...tenths].map((tenth) => format.percent(Number(tenth) * 10)) },
             yAxis: { type: "value", min: 0, max: 1,
                      axisLabel: { formatter: (value: number) => format.percent(value * 100) } },
             series: [
               { name: t("churn.byModel"), type: "line", symbolSize: 6, areaStyle: { opacity: 0.1 },
                 data: [0, ...gain] },
               { name: t("churn.byChance"), type: "line", symbolSize: 0,
                 lineStyle: { type: "dashed" },
                 data: [0, ...tenths.map((_, place) => (place + 1) / tenths.length)] },
             ],
           }} />
  );
}

const SHOWN = 10; // features; what moves nothing is left to the table

export function Drivers({ result }: ChartProps) {
  const format = useFormat();
  const table = result.drivers;
  const labels = textsOf(table, "label");
  const directions = figuresOf(table, "direction");
  const moving = figuresOf(table, "importance")
    .map((importance, place) => ({
      importance: importance ?? 0, label: labels[place] ?? "", direction: directions[place] ?? 0,
    }))
    .filter(({ importance }) => importance > 0).slice(0, SHOWN);
  const shown = [...moving].reverse();
  const part = (raises: boolean) =>
    shown.map(({ importance, direction }) => ((direction > 0) === raises ? importance : null));
  const write = (value: unknown) => (typeof value === "number" ? format.number(value, 2) : "–");

  return (
    <Chart height={90 + 38 * shown.length}
           summary={t("churn.driversSummary", {
             first: moving[0]?.label ?? "–", second: moving[1]?.label ?? "–",
           })}
           table={<DataTable table={table} name={t("churn.drivers")} />}
           option={{
             legend: { orient: "vertical" }, tooltip: { valueFormatter: write }, grid: { top: 60 },
             xAxis: { type: "value", min: 0 },
             yAxis: { type: "category", data: shown.map(({ label }) => label),
                      axisLabel: { width: 150, lineHeight: 14, overflow: "break",
                                   hideOverlap: false } },
             series: [
               { name: t("churn.raises"), type: "bar", stack: "both", data: part(true) },
               { name: t("churn.lowers"), type: "bar", stack: "both", data: part(false) },
             ],
           }} />
  );
}

export function Bands({ result }: ChartProps) {
  const format = useFormat();
  const table = result.bands;
  const customers = figuresOf(table, "customers");
  const to = figuresOf(table, "to");
  const names = figuresOf(table, "from")
    .map((from, place) =>
      `${format.percent((from ?? 0) * 100)} – ${format.percent((to[place] ?? 0) * 100)}`);
  const write = (value: unknown) => format.integer(Number(value ?? 0));

  return (
    <Chart height={320}
           summary={t("churn.bandsSummary", {
             likely: write(sum(customers.slice(5))), all: write(sum(customers)),
           })}
           table={<DataTable table={table} name={t("churn.bands")} />}
           option={{
             tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: names, name: t("churn.bandsAxis"), ...bottom },
             yAxis: { type: "value", min: 0, minInterval: 1 },
             series: [{ name: t("churn.customers"), type: "bar", data: customers }],
           }} />
  );
}
