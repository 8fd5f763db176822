// SPDX-License-Identifier: Apache-2.0
// Revenue, receipts and customers by period, beside the year before when asked for.
import { SimpleGrid, Stack } from "@mantine/core";
import { Answer, Chart, DataTable, LoadingTable, Panel, StatTile, useAddressState }
  from "@/components";
import { useApi } from "@/api/queries";
import { Choice } from "@/features/selection/Choice";
import {
  cellWriter, changeOf, columnOf, figureAxis, figureOf, figuresOf, periodLabel, textsOf,
} from "@/features/selection/columns";
import { Computed } from "@/features/selection/Computed";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { yearBefore } from "@/features/selection/period";
import { PeriodName } from "@/features/selection/PeriodName";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { labelOfMetric, useRegistry } from "@/features/selection/registry";
import { selectionParameters, useSelection, type Selection }
  from "@/features/selection/useSelection";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { series } from "@/theme";
import { ByChoice } from "./ByChoice";
import { NothingSelected, ReportPage } from "./ReportPage";
import { comparedTable, figuresBefore, salesPath, type SalesReport } from "./sales";

const FIGURES = [
  "revenue_gross", "revenue_net", "vat", "refunds_gross", "receipts", "basket_value", "customers",
  "customers_new", "customers_returning",
] as const;
const TILES = ["revenue_gross", "receipts", "basket_value", "customers"] as const;
const SHORT_FROM = 1e7; // amounts beyond are told to three digits, and in full on hovering
const LINE_FROM = 40; // rows from which bars would be too thin

export default function SalesPage() {
  const selection = useSelection("last12months");
  const [by, setBy] = useAddressState("by", "month");
  const [figure, setFigure] = useAddressState("figure", "revenue_gross");
  const [compared, setCompared] = useAddressState("compare", "");
  const registry = useRegistry().data;
  const figures = FIGURES.map((value) => ({ value, label: labelOfMetric(value, registry) }));

  return (
    <ReportPage
      title={t("shell.reportSales")} sentence={t("reports.salesPurpose")} selection={selection}
      actions={
        <Computed of={{ metrics: FIGURES, by: [by] }} parameters={selection.parameters} />
      }
      filters={{
        words: "reports.salesSentence",
        parts: {
          figure: <Choice name={t("reports.figure")} value={figure as string} onChange={setFigure}
                          options={figures} />,
          by: <ByChoice value={by} onChange={setBy} />,
          period: <PeriodChoice selection={selection} />,
          comparison: <Choice name={t("reports.comparison")} value={compared} onChange={setCompared}
                              options={[
                                { value: "", label: t("reports.comparedNothing") },
                                { value: "year", label: t("reports.comparedYear") },
                              ]} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Sales selection={selection} by={by} figure={figure} isCompared={compared === "year"} />
    </ReportPage>
  );
}

interface SalesProps {
  selection: Selection;
  by: string;
  figure: string;
  isCompared: boolean;
}

function useBefore({ selection, by, isCompared }: SalesProps) {
  const { period, span, filters, isReady } = selection;
  const bounds = {
    from: period.from ?? span?.first_day ?? "", to: period.to ?? span?.last_day ?? "",
  };
  const answer = useApi<SalesReport>(
    salesPath, { by, ...selectionParameters(yearBefore(bounds), filters) },
    { enabled: isReady && isCompared },
  );
  return isCompared ? answer.data : undefined;
}

function Sales(props: SalesProps) {
  const { selection, by } = props;
  const before = useBefore(props);
  const report = useApi<SalesReport>(salesPath, { by, ...selection.parameters },
    { enabled: selection.isReady && !selection.isEmpty });

  return (
    <Answer of={report} loading={<LoadingTable rows={12} />}>
      {(now) => now.periods.rows.length === 0
        ? <NothingSelected selection={selection} />
        : (
          <Stack gap="lg">
            <Tiles now={now} before={before} selection={selection} />
            <Told {...props} now={now} before={before} />
          </Stack>
        )}
    </Answer>
  );
}

interface Told {
  now: SalesReport;
  before: SalesReport | undefined;
}

function Tiles({ now, before, selection }: Told & { selection: Selection }) {
  const format = useFormat();

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      {TILES.map((name) => {
        const column = columnOf(now.total, name)!;
        const value = figureOf(now.total, name);
        const money = column.type === "money";
        const exact = money
          ? format.amount(value ?? 0, column.unit) : cellWriter(column, format)(value);
        return (
          <StatTile key={name} label={column.label}
                    value={money && Math.abs(value ?? 0) >= SHORT_FROM
                      ? format.short(value ?? 0, column.unit) : exact}
                    exact={exact}
                    change={before ? changeOf(value, figureOf(before.total, name)) : null}
                    note={<Computed of={{ metrics: [name] }} parameters={selection.parameters}
                                    label={column.label} isSmall />} />
        );
      })}
    </SimpleGrid>
  );
}

function Told({ now, before, by, figure }: SalesProps & Told) {
  const format = useFormat();
  const column = columnOf(now.periods, figure);
  const names = textsOf(now.periods, by);
  const figures = figuresOf(now.periods, figure);
  const past = before ? figuresBefore(now.periods, before.periods, by, figure) : undefined;
  const isLine = names.length >= LINE_FROM;
  const write = cellWriter(column, format);
  const shape = isLine
    ? { type: "line", symbol: "none" } : { type: "bar", barMaxWidth: 42, barGap: "15%" };
  const label = column?.unit ? `${column.label} (${column.unit})` : (column?.label ?? figure);
  const table = before
    ? comparedTable(now.periods, before.periods, by, figure,
      { before: t("reports.yearBefore"), change: t("reports.change") })
    : now.periods;
  const views = {
    [by]: { render: (value: unknown) => <PeriodName name={String(value)} /> },
    change: { render: (value: unknown) =>
      typeof value === "number" ? format.change(value) : t("common.none") },
  };
  const grid = <DataTable table={table} name={t("shell.reportSales")} columns={views}
                          total={now.total} maxHeight={640} />;

  return (
    <>
      <Panel title={label}>
        <Chart height={320} summary={summaryOf(names, figures, write, label, format)}
               option={{
                 legend: past ? { right: 0, left: "auto" } : undefined,
                 tooltip: { valueFormatter: write },
                 xAxis: { type: "category", data: names.map((name) => periodLabel(name, format)) },
                 yAxis: figureAxis(column, format),
                 series: [
                   ...(past ? [{ ...shape, name: t("reports.yearBefore"), data: past,
                                 itemStyle: { color: "#9aa7b0" } }] : []),
                   { ...shape, name: column?.label ?? figure, data: figures,
                     itemStyle: { color: series[0] } },
                 ],
               }} />
      </Panel>
      <Panel title={t("reports.numbers")}>{grid}</Panel>
    </>
  );
}

function summaryOf(
  names: string[], figures: (number | null)[], write: (value: unknown) => string, label: string,
  format: ReturnType<typeof useFormat>,
): string {
  const known = figures.map((figure) => figure ?? 0);
  const high = known.indexOf(Math.max(...known));
  const low = known.indexOf(Math.min(...known));
  const of = (index: number) => periodLabel(names[index] ?? "", format);

  return t("reports.salesSummary", {
    label, count: names.length, from: of(0), to: of(names.length - 1), first: write(known[0]),
    last: write(known.at(-1)), highest: of(high), high: write(known[high]), lowest: of(low),
    low: write(known[low]),
  });
}
