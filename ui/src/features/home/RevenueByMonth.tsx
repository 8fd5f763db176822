// SPDX-License-Identifier: Apache-2.0
// Thirteen months of revenue as bars, the year before as a line.
import { useMemo } from "react";
import { Anchor } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Table } from "@/api/client";
import { Chart, DataTable, Panel } from "@/components";
import { useFormat, type Format } from "@/format";
import { t } from "@/i18n";
import { series } from "@/theme";
import { lastMonths, unitOf, type MonthPoint } from "./month";

const MONTHS = 13;

// `isPartial`: the last month is not over yet.
export function RevenueByMonth({ table, isPartial }: { table: Table; isPartial: boolean }) {
  const format = useFormat();
  const unit = unitOf(table, "revenue_gross");
  const points = useMemo(() => lastMonths(table, "revenue_gross", MONTHS), [table]);
  const option = useMemo(
    () => optionOf(points, isPartial, unit, format), [points, isPartial, unit, format],
  );
  const numbers: Table = {
    columns: [
      { name: "month", label: t("home.month"), type: "text" },
      { name: "value", label: t("home.revenue"), type: "money", ...(unit ? { unit } : {}) },
      { name: "before", label: t("home.yearBefore"), type: "money", ...(unit ? { unit } : {}) },
    ],
    rows: points.map(({ month, value, before }) => [month, value, before]),
    row_count: points.length,
  };

  return (
    <Panel title={unit ? t("common.unit", { label: t("home.revenue"), unit }) : t("home.revenue")}
           aside={<Anchor component={Link} to="/analyze/reports/sales" size="sm">
             {t("home.toReport")}
           </Anchor>}>
      <Chart option={option} height={290} summary={summaryOf(points, unit, format)}
             table={<DataTable table={numbers} name={t("home.revenue")} />} />
    </Panel>
  );
}

function summaryOf(points: readonly MonthPoint[], unit: string | undefined, format: Format) {
  const best = [...points].sort((one, other) => other.value - one.value)[0];
  const last = points.at(-1);

  if (!best || !last) return t("home.noSales");
  return t("home.chartSummary", {
    count: points.length, best: format.month(best.month), most: format.amount(best.value, unit),
    last: format.month(last.month), latest: format.amount(last.value, unit),
  });
}

function optionOf(
  points: readonly MonthPoint[], isPartial: boolean, unit: string | undefined, format: Format,
) {
  const amount = (value: unknown) =>
    (typeof value === "number" ? format.amount(value, unit) : t("common.none"));

  return {
    legend: {},
    tooltip: { valueFormatter: amount },
    xAxis: { type: "category", data: points.map(({ month }) => format.month(month)) },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => format.short(value) } },
    series: [
      {
        name: t("home.revenue"), type: "bar", barMaxWidth: 36,
        itemStyle: { borderRadius: [3, 3, 0, 0] }, data: points.map(({ value }, index) => ({
          value, itemStyle: { opacity: isPartial && index === points.length - 1 ? 0.55 : 1 },
        })),
      },
      {
        name: t("home.yearBefore"), type: "line", symbol: "circle", symbolSize: 6,
        color: series[1], data: points.map(({ before }) => before),
      },
    ],
  };
}
