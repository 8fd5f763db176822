// SPDX-License-Identifier: Apache-2.0
// Who sells most: stores or cashiers by revenue, with their share of the whole.
import { Anchor, Stack } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, Chart, DataTable, LoadingTable, Panel, type RowView } from "@/components";
import { cellWriter, columnOf, figureAxis, figuresOf, textsOf } from "@/features/selection/columns";
import { Computed } from "@/features/selection/Computed";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { useSelection } from "@/features/selection/useSelection";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { NothingSelected, ReportPage } from "./ReportPage";

const METRICS = [
  "revenue_gross", "receipts", "basket_value", "customers", "refunds_gross", "refund_rate",
];
const DRAWN = 15; // the best ones

export function League({ of }: { of: "store" | "cashier" }) {
  const selection = useSelection("last12months");
  const key = `${of}s` as const;
  const title = t(of === "store" ? "shell.reportStores" : "shell.reportCashiers");
  const report = useApi<Record<typeof key, Table>>(`/api/v1/reports/${key}`, selection.parameters,
    { enabled: selection.isReady && !selection.isEmpty });

  return (
    <ReportPage
      title={title} sentence={t(`reports.${key}Purpose`)} selection={selection}
      actions={<Computed of={{ metrics: METRICS, by: [of] }} parameters={selection.parameters} />}
      filters={{
        words: `reports.${key}Sentence`,
        parts: {
          period: <PeriodChoice selection={selection} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Answer of={report} loading={<LoadingTable rows={12} />}>
        {(answer) => answer[key].rows.length === 0
          ? <NothingSelected selection={selection} />
          : <Ranked table={answer[key]} of={of} name={title} />}
      </Answer>
    </ReportPage>
  );
}

// Its name leads to its sales.
function Seller({ of, row }: { of: string; row: RowView }) {
  const code = row.text(of);
  const to = `/analyze/reports/sales?filter=${encodeURIComponent(`${of}=${code}`)}`;

  if (code === "") return t("common.none");
  return (
    <Anchor component={Link} to={to} style={{ whiteSpace: "nowrap" }}>
      {row.text("name") || code}
    </Anchor>
  );
}

function Ranked({ table, of, name }: { table: Table; of: "store" | "cashier"; name: string }) {
  const format = useFormat();
  const column = columnOf(table, "revenue_gross");
  const codes = textsOf(table, of);
  const labels = textsOf(table, "name")
    .map((label, index) => label || codes[index] || t(`reports.${of}None`));
  const figures = figuresOf(table, "revenue_gross");
  const write = cellWriter(column, format);
  const label = column?.unit ? `${column.label} (${column.unit})` : (column?.label ?? "");

  return (
    <Stack gap="lg">
      <Panel title={label}>
        <Chart height={Math.min(DRAWN, labels.length) * 26 + 50}
               summary={t("reports.leagueSummary", {
                 count: labels.length, first: labels[0] ?? "", value: write(figures[0]),
                 last: labels.at(-1) ?? "",
               })}
               option={{
                 tooltip: { valueFormatter: write },
                 xAxis: figureAxis(column, format),
                 yAxis: {
                   type: "category", inverse: true, data: labels.slice(0, DRAWN),
                   axisLabel: { width: 130, overflow: "truncate" },
                 },
                 series: [{ name: column?.label, type: "bar", barMaxWidth: 18,
                            data: figures.slice(0, DRAWN) }],
               }} />
      </Panel>
      <Panel title={t("reports.numbers")}>
        <DataTable table={table} name={name}
                   columns={{
                     [of]: { render: (code) => code ?? t(`reports.${of}None`) },
                     name: { render: (_, row) => <Seller of={of} row={row} /> },
                   }} />
      </Panel>
    </Stack>
  );
}
