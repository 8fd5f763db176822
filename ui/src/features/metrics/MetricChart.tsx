// SPDX-License-Identifier: Apache-2.0
// A metric by one or two dimensions as a picture: periods along, everything else downwards.
import type { Table } from "@/api/client";
import { Chart, Panel } from "@/components";
import { cellWriter, columnOf, figureAxis, periodLabel } from "@/features/selection/columns";
import { labelOfField, useRegistry } from "@/features/selection/registry";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { pictureOf } from "./picture";

const TIMES = ["day", "week", "month", "quarter", "year"];
const LINE_FROM = 25;

export interface MetricChartProps {
  table: Table;
  metric: string;
  by: string[];
  shape?: "bar" | "line"; // otherwise by the number of periods
  title?: string;
}

export function MetricChart({ table, metric, by, shape, title }: MetricChartProps) {
  const format = useFormat();
  const registry = useRegistry().data;
  const column = columnOf(table, metric);
  const { names, series } = pictureOf(table, metric, by, { notStated: t("metrics.notStated") });
  if (!column || series.length === 0) return null;
  const isTime = TIMES.includes(by[0] ?? "");
  const isLine = shape ? shape === "line" : isTime && names.length >= LINE_FROM;
  const write = cellWriter(column, format);
  const label = column.unit ? `${column.label} (${column.unit})` : column.label;
  const dimension = by.slice(0, 2).map((name) => labelOfField(name, registry).toLowerCase())
    .join(t("metrics.and"));
  const labels = names.map((name) => periodLabel(name, format));
  const figures = figureAxis(column, format);
  const places = { type: "category", data: labels, inverse: !isTime,
                   axisLabel: isTime ? {} : { width: 130, overflow: "truncate" } };

  return (
    <Panel title={title || t("metrics.chartOf", { metric: label, dimension })}>
      <Chart height={isTime ? 320 : Math.min(900, 60 + names.length * 22)}
             summary={t("metrics.chartSummary", {
               metric: label, dimension, count: names.length, first: labels[0] ?? "",
               value: write(series[0]!.figures[0]),
             })}
             option={{
               legend: series.length > 1 ? { type: "scroll" } : undefined,
               tooltip: { valueFormatter: write },
               xAxis: isTime ? places : figures,
               yAxis: isTime ? figures : places,
               series: series.map(({ name, figures: data }) => ({
                 name: name || column.label, data, barMaxWidth: 40,
                 type: isLine ? "line" : "bar", symbol: "none",
               })),
             }} />
    </Panel>
  );
}
