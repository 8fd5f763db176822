// SPDX-License-Identifier: Apache-2.0
// How unequally customers spend: how many spend how much, and what part the best ones bring.
import { SimpleGrid, Stack } from "@mantine/core";
import type { Cell, Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, Chart, DataTable, LoadingTable, Panel, StatTile } from "@/components";
import { columnOf, figuresOf, sum, valuesOf } from "@/features/selection/columns";
import { Computed } from "@/features/selection/Computed";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { useSelection, type Selection } from "@/features/selection/useSelection";
import { useFormat, type Format } from "@/format";
import { t } from "@/i18n";
import { NothingSelected, ReportPage } from "./ReportPage";

const HISTOGRAM = "/api/v1/reports/histogram";
const PARETO = "/api/v1/reports/pareto";

interface Pareto {
  customers: number;
  customers_without_spend: number;
  customers_for_80_percent: number;
  gini: number;
  top: Table;
}

export default function SpendPage() {
  const selection = useSelection("all");
  const isWanted = { enabled: selection.isReady && !selection.isEmpty };
  const histogram = useApi<{ bins: Table }>(HISTOGRAM, selection.parameters, isWanted);
  const pareto = useApi<Pareto>(PARETO, selection.parameters, isWanted);

  return (
    <ReportPage
      title={t("shell.reportSpend")} sentence={t("reports.spendPurpose")} selection={selection}
      filters={{
        words: "reports.spendSentence",
        parts: {
          period: <PeriodChoice selection={selection} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Answer of={pareto} loading={<LoadingTable />}>
        {(answer) => <Best pareto={answer} selection={selection} />}
      </Answer>
      <Answer of={histogram} loading={<LoadingTable />}>
        {({ bins }) => bins.rows.length === 0
          ? <NothingSelected selection={selection} />
          : <Histogram bins={bins} selection={selection} />}
      </Answer>
    </ReportPage>
  );
}

function Best({ pareto, selection }: { pareto: Pareto; selection: Selection }) {
  const format = useFormat();
  const { top, customers } = pareto;
  const shares = figuresOf(top, "revenue_share").map((share) => share ?? 0);
  const percents = figuresOf(top, "top_percent").map((percent) => percent ?? 0);
  const ofFifth = shares[percents.indexOf(20)] ?? 0;
  const forMost = customers > 0 ? pareto.customers_for_80_percent / customers : 0;

  if (customers === 0) return null;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <StatTile label={t("reports.bestFifth")} value={format.share(ofFifth)}
                  note={t("reports.ofRevenue")} />
        <StatTile label={t("reports.forMost")} value={format.share(forMost)}
                  note={t("reports.ofCustomers", { count: pareto.customers_for_80_percent })} />
        <StatTile label={t("reports.buyers")} value={format.integer(customers)}
                  note={t("reports.without", { count: pareto.customers_without_spend })} />
        <StatTile label={t("reports.gini")} value={format.number(pareto.gini, 3)}
                  note={t("reports.giniHint")} />
      </SimpleGrid>
      <Panel title={t("reports.pareto")}
             aside={<Computed of={{ report: PARETO }} parameters={selection.parameters} />}>
        <Chart height={280}
               summary={t("reports.paretoSummary", { share: format.share(ofFifth) })}
               table={<DataTable table={top} name={t("reports.pareto")} />}
               option={{
                 legend: {},
                 tooltip: { valueFormatter: (value: unknown) => format.share(Number(value)) },
                 xAxis: {
                   type: "value", max: 1, name: t("reports.bestCustomers"), nameLocation: "middle",
                   nameGap: 28,
                   axisLabel: { formatter: (value: number) => format.percent(value * 100) },
                 },
                 grid: { bottom: 24 },
                 yAxis: {
                   type: "value", max: 1,
                   axisLabel: { formatter: (value: number) => format.percent(value * 100) },
                 },
                 series: [
                   { name: t("reports.revenueShare"), type: "line", smooth: 0.2,
                     data: [[0, 0], ...percents.map((percent, index) =>
                       [percent / 100, shares[index]])],
                     areaStyle: { opacity: 0.12 } },
                   { name: t("reports.equalShares"), type: "line", symbol: "none",
                     lineStyle: { type: "dashed", width: 1 }, itemStyle: { color: "#9aa7b0" },
                     data: [[0, 0], [1, 1]] },
                 ],
               }} />
      </Panel>
    </Stack>
  );
}

function binLabel(from: Cell, below: Cell, format: Format): string {
  if (from === null) return t("reports.belowZero");
  if (from === 0 && below === 0) return format.integer(0);
  return `${format.number(Number(from))} – ${format.number(Number(below))}`;
}

function Histogram({ bins, selection }: { bins: Table; selection: Selection }) {
  const format = useFormat();
  const below = valuesOf(bins, "below");
  const labels = valuesOf(bins, "from")
    .map((from, index) => binLabel(from, below[index] ?? null, format));
  const customers = figuresOf(bins, "customers");
  const most = customers.indexOf(Math.max(...customers.map((count) => count ?? 0)));
  const unit = columnOf(bins, "revenue_gross")?.unit ?? "";

  return (
    <Panel title={t("reports.histogram", { unit })} sentence={t("reports.histogramHint")}
           aside={<Computed of={{ report: HISTOGRAM }} parameters={selection.parameters} />}>
      <Chart height={280}
             summary={t("reports.histogramSummary", {
               count: sum(customers), range: labels[most] ?? "", most: customers[most] ?? 0,
             })}
             option={{
               tooltip: { valueFormatter: (value: unknown) => format.integer(Number(value)) },
               xAxis: { type: "category", data: labels, axisLabel: { rotate: 35 } },
               yAxis: { type: "value",
                        axisLabel: { formatter: (value: number) => format.short(value) } },
               series: [{ name: t("reports.customers"), type: "bar", data: customers,
                          barCategoryGap: "8%" }],
             }} />
      <DataTable table={bins} name={t("shell.reportSpend")}
                 columns={{
                   from: { label: t("reports.spent"),
                           render: (from, row) => binLabel(from, row.value("below"), format) },
                   below: { isHidden: true },
                 }} />
    </Panel>
  );
}
