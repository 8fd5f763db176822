// SPDX-License-Identifier: Apache-2.0
// The figures of one product, store or member of staff: a row of tiles, revenue by month, and a
// league within it. All are metrics with one filter; each leads to its numbers in the explorer.
import { Anchor, SimpleGrid, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import { Link } from "react-router-dom";
import type { Column, Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, Chart, DataTable, LoadingTiles, Panel, StatTile } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { lastMonths, unitOf, valuesOf } from "../home/month";

interface Values {
  values: Table;
}

function useMetrics(names: readonly string[], filter: string, by?: string, limit?: number) {
  return useApi<Values>(`/api/v1/metrics/${names.join(",")}/values`, { filter, by, limit });
}

export interface FiguresProps {
  dimension: "product" | "store" | "cashier";
  code: string;
  metrics: readonly string[]; // of the tiles
  league?: { by: "product" | "store" | "cashier"; title: string; to?: string };
}

export function Figures({ dimension, code, metrics, league }: FiguresProps) {
  const filter = `${dimension}=${code}`;
  const total = useMetrics(metrics, filter);
  const months = useMetrics(["revenue_gross"], filter, "month");
  const explorer = `/analyze/metrics?${new URLSearchParams({
    metrics: metrics.join(","), filter, by: "month",
  })}`;

  return (
    <Stack gap="lg">
      <Answer of={total} loading={<LoadingTiles />}>
        {({ values }) => <Tiles values={values} />}
      </Answer>
      <Answer of={months}>
        {({ values }) => values.rows.length > 0 && <Months values={values} explorer={explorer} />}
      </Answer>
      {league && <League filter={filter} {...league} />}
    </Stack>
  );
}

function Tiles({ values }: { values: Table }) {
  const format = useFormat();
  const row = values.rows[0] ?? [];
  const isEmpty = row.every((value) => value === null || value === 0);

  if (isEmpty) return <Text c="dimmed">{t("catalogue.nothingSold")}</Text>;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, xl: values.columns.length }} spacing="sm">
      {values.columns.map((column, place) => {
        const value = row[place] ?? null;
        const exact = format.cell(value, column);
        return (
          <StatTile key={column.name} label={labelOf(column)} exact={exact}
                    value={typeof value === "number" && value >= 100_000
                      ? format.short(value, column.unit && column.type === "money"
                        ? column.unit : undefined)
                      : exact} />
        );
      })}
    </SimpleGrid>
  );
}

function labelOf({ label, unit, type }: Column): string {
  return unit && type === "money" ? t("common.unit", { label, unit }) : label;
}

const MONTHS = 24;

function Months({ values, explorer }: { values: Table; explorer: string }) {
  const format = useFormat();
  const unit = unitOf(values, "revenue_gross");
  const points = useMemo(() => lastMonths(values, "revenue_gross", MONTHS), [values]);
  const best = [...points].sort((one, other) => other.value - one.value)[0];
  const option = useMemo(() => ({
    tooltip: {
      valueFormatter: (value: unknown) =>
        (typeof value === "number" ? format.amount(value, unit) : t("common.none")),
    },
    xAxis: { type: "category", data: points.map(({ month }) => format.month(month)) },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => format.short(value) } },
    series: [{
      name: t("catalogue.revenue"), type: "bar", barMaxWidth: 30,
      itemStyle: { borderRadius: [3, 3, 0, 0] }, data: points.map(({ value }) => value),
    }],
  }), [points, format, unit]);
  const title = t("catalogue.lastMonths");

  return (
    <Panel title={unit ? t("common.unit", { label: title, unit }) : title}
           aside={<Anchor component={Link} to={explorer} size="sm">
             {t("catalogue.explained")}
           </Anchor>}>
      <Chart option={option} height={240} table={<DataTable table={values} name={title} />}
             summary={best ? t("catalogue.monthSummary", {
               count: points.length, best: format.month(best.month),
               most: format.amount(best.value, unit),
               total: format.amount(points.reduce((sum, { value }) => sum + value, 0), unit),
             }) : t("catalogue.nothingSold")} />
    </Panel>
  );
}

const LEAGUE_ROWS = 10;

function League({ filter, by, title, to }: NonNullable<FiguresProps["league"]> & {
  filter: string;
}) {
  const table = useMetrics(["revenue_gross", "receipts"], filter, by, LEAGUE_ROWS);
  const names = table.data ? valuesOf(table.data.values, by) : [null];

  if (table.data && names.every((name) => name === null)) return null;
  return (
    <Panel title={title}>
      <Answer of={table}>
        {({ values }) => <DataTable table={values} name={title} hasDownload={false}
                                    {...(to ? {
                                      href: (row) => row.text(by) === "" ? undefined
                                        : `${to}/${encodeURIComponent(row.text(by))}`,
                                    } : {})} />}
      </Answer>
    </Panel>
  );
}
