// SPDX-License-Identifier: Apache-2.0
// How a segment's size changed from evaluation to evaluation.
import { Stack } from "@mantine/core";
import type { Table } from "@/api/client";
import { useTable } from "@/api/queries";
import { Answer, Chart, DataTable, EmptyState, LoadingTable } from "@/components";
import { figuresOf, textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { segmentPath } from "./segment";

export function History({ name }: { name: string }) {
  const history = useTable(`${segmentPath(name)}/history`, { limit: 200 });

  return (
    <Answer of={history} loading={<LoadingTable />}>
      {(table) => table.rows.length === 0
        ? <EmptyState title={t("segments.noHistory")} sentence={t("segments.noHistoryHint")} />
        : <Told table={table} />}
    </Answer>
  );
}

function Told({ table }: { table: Table }) {
  const format = useFormat();
  const instants = textsOf(table, "evaluated_at");
  const sizes = figuresOf(table, "size");
  const points = instants.map((at, index) => [at, sizes[index]]).reverse();

  return (
    <Stack gap="md">
      <Chart height={240}
             summary={t("segments.sparkline", {
               count: points.length, first: Number(points[0]?.[1]),
               last: Number(points.at(-1)?.[1]),
             })}
             option={{
               tooltip: { valueFormatter: (value: unknown) => format.integer(Number(value)) },
               xAxis: { type: "time" },
               yAxis: { type: "value", scale: true,
                        axisLabel: { formatter: (value: number) => format.short(value) } },
               series: [{ name: t("reports.customers"), type: "line", step: "end", data: points,
                          symbolSize: 6, areaStyle: { opacity: 0.08 } }],
             }} />
      <DataTable table={table} name={t("segments.history")} />
    </Stack>
  );
}
