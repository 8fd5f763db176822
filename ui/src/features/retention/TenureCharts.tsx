// SPDX-License-Identifier: Apache-2.0
// Shares with their intervals, and how long customers take.
import type { Table } from "@/api/client";
import { Chart, DataTable } from "@/components";
import { figuresOf, textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { series } from "@/theme";
import type { Tenure } from "./tenure";

const bottom = { nameLocation: "middle", nameGap: 28 } as const;

interface CurveProps {
  table: Table; // the shares and their intervals: share (or `shares`), low, high
  along: string; // the column of the axis
  axis: string;
  name: string;
  summary: string;
  shares?: string;
  more?: { column: string; name: string };
}

// The share, and its interval as two thin lines around it.
export function Curve({ table, along, axis, name, summary, shares = "share", more }: CurveProps) {
  const format = useFormat();
  const write = (value: unknown) => (typeof value === "number" ? format.share(value) : "–");
  const line = (column: string, label: string, style: object) => ({
    name: label, type: "line", symbolSize: 0, data: figuresOf(table, column), ...style,
  });
  const edge = { itemStyle: { color: series[0] }, lineStyle: { width: 1, opacity: 0.6 } };

  return (
    <Chart height={300} summary={summary} table={<DataTable table={table} name={name} />}
           option={{
             ...(more ? { legend: { data: [name, more.name] } } : {}),
             tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", boundaryGap: false, name: axis, ...bottom,
                      data: textsOf(table, along).map((at) =>
                        /^\d{4}-/.test(at) ? format.month(at.slice(0, 7)) : at) },
             yAxis: { type: "value", min: 0,
                      axisLabel: { formatter: (value: number) => format.percent(value * 100) } },
             series: [
               line(shares, name, { itemStyle: { color: series[0] }, lineStyle: { width: 3 } }),
               line("low", t("tenure.low"), edge),
               line("high", t("tenure.high"), edge),
               ...(more ? [line(more.column, more.name,
                                { itemStyle: { color: series[1] },
                                  lineStyle: { type: "dashed", width: 2 } })] : []),
             ],
           }} />
  );
}

export function Gaps({ tenure }: { tenure: Tenure }) {
  const format = useFormat();
  const table = tenure.gaps;
  const to = figuresOf(table, "to");
  const counts = figuresOf(table, "count");
  const write = (value: unknown) => format.integer(Number(value ?? 0));
  const names = figuresOf(table, "from")
    .map((from, place) => ((to[place] ?? 0) > 3650 ? `${from}+` : `${from}–${to[place]}`));

  return (
    <Chart height={300}
           summary={t("tenure.gapsSummary", {
             half: tenure.gap_median ?? 0, most: tenure.gap_nine_of_ten ?? 0,
           })}
           table={<DataTable table={table} name={t("tenure.gaps")} />}
           option={{
             tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: names, name: t("tenure.days"), ...bottom },
             yAxis: { type: "value", min: 0, minInterval: 1 },
             series: [{ name: t("tenure.repeatPurchases"), type: "bar", data: counts }],
           }} />
  );
}

export function WinBack({ tenure }: { tenure: Tenure }) {
  const format = useFormat();
  const table = tenure.win_back;
  const write = (value: unknown) => (typeof value === "number" ? format.share(value) : "–");
  const month = figuresOf(table, "back_30");
  const quarter = figuresOf(table, "back_90");
  const bar = (name: string, data: (number | null)[]) =>
    (data.some((share) => share !== null) ? [{ name, type: "bar", data }] : []);

  return (
    <Chart height={300}
           summary={t("tenure.winBackSummary", {
             days: textsOf(table, "silent_days")[0] ?? "–",
             month: write(month[0]), quarter: write(quarter[0]),
           })}
           table={<DataTable table={table} name={t("tenure.winBack")} />}
           option={{
             legend: {}, tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: textsOf(table, "silent_days"),
                      name: t("tenure.silentDays"), ...bottom },
             yAxis: { type: "value", min: 0,
                      axisLabel: { formatter: (value: number) => format.percent(value * 100) } },
             series: [
               ...bar(t("tenure.back30"), month), ...bar(t("tenure.back90"), quarter),
               ...bar(t("tenure.back365"), figuresOf(table, "back_365")),
             ],
           }} />
  );
}
