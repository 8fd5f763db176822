// SPDX-License-Identifier: Apache-2.0
// VAT collected by rate and period, to the cent: rows add up to the totals, as a return needs them.
import { SimpleGrid, Stack, Text } from "@mantine/core";
import type { Cell, Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, Chart, DataTable, LoadingTable, Panel, StatTile, useAddressState }
  from "@/components";
import { figuresOf, periodLabel, textsOf, valuesOf } from "@/features/selection/columns";
import { Computed } from "@/features/selection/Computed";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodName } from "@/features/selection/PeriodName";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { useSelection } from "@/features/selection/useSelection";
import { useFormat, type Format } from "@/format";
import { t } from "@/i18n";
import { ByChoice } from "./ByChoice";
import { NothingSelected, ReportPage } from "./ReportPage";

interface VatReport {
  periods: Table;
  rates: Table;
  total: Table;
}

export default function VatPage() {
  const selection = useSelection("last12months");
  const [by, setBy] = useAddressState("by", "month");
  const report = useApi<VatReport>("/api/v1/reports/vat", { by, ...selection.parameters },
    { enabled: selection.isReady && !selection.isEmpty });

  return (
    <ReportPage
      title={t("shell.reportVat")} sentence={t("reports.vatPurpose")} selection={selection}
      actions={
        <Computed of={{ metrics: ["revenue_net", "vat", "revenue_gross"], by: [by, "vat_rate"] }}
                  parameters={selection.parameters} />
      }
      filters={{
        words: "reports.vatSentence",
        parts: {
          by: <ByChoice value={by} onChange={setBy} />,
          period: <PeriodChoice selection={selection} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Answer of={report} loading={<LoadingTable rows={12} />}>
        {(answer) => answer.periods.rows.length === 0
          ? <NothingSelected selection={selection} /> : <Vat report={answer} />}
      </Answer>
    </ReportPage>
  );
}

function rateLabel(rate: Cell, format: Format): string {
  return typeof rate === "number" ? format.percent(rate) : t("reports.rateNotStated");
}

function Vat({ report }: { report: VatReport }) {
  const format = useFormat();
  const currencies = [...new Set(textsOf(report.periods, "currency"))];
  const views = {
    vat_rate: { render: (rate: Cell) => rateLabel(rate, format) },
    period: { render: (name: Cell) => <PeriodName name={String(name)} /> },
    currency: { isHidden: currencies.length === 1 },
  };

  return (
    <Stack gap="lg">
      {report.total.rows.map(([currency, net, vat, gross]) => (
        <SimpleGrid key={String(currency)} cols={{ base: 1, xs: 3 }} spacing="sm">
          {([["net", net], ["vat", vat], ["gross", gross]] as const).map(([name, value]) => (
            <StatTile key={name} label={t(`reports.${name}`)}
                      value={format.amount(Number(value), String(currency))} />
          ))}
        </SimpleGrid>
      ))}
      {currencies.map((currency) => (
        <Panel key={currency} title={t("reports.vatBy", { currency })}>
          <VatChart report={report} currency={currency} />
        </Panel>
      ))}
      <Panel title={t("reports.vatRates")} sentence={t("reports.vatRatesHint")}>
        <DataTable table={inCurrency(report.rates, currencies)} name={t("reports.vatRates")}
                   columns={views} {...totalOf(report, currencies)} />
      </Panel>
      <Panel title={t("reports.numbers")}>
        <DataTable table={inCurrency(report.periods, currencies)} name={t("shell.reportVat")}
                   maxHeight={640}
                   columns={views} {...totalOf(report, currencies)} />
        <Text size="sm" c="dimmed" mt="xs">{t("reports.vatRounding")}</Text>
      </Panel>
    </Stack>
  );
}

// The unit of amounts when there is one currency; with several it stands in a column of its own.
function inCurrency(table: Table, currencies: string[]): Table {
  const unit = currencies.length === 1 ? currencies[0] : undefined;
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.type === "money" && unit ? { ...column, unit } : column),
  };
}

function totalOf(report: VatReport, currencies: string[]) {
  return currencies.length === 1 ? { total: inCurrency(report.total, currencies) } : {};
}

function VatChart({ report, currency }: { report: VatReport; currency: string }) {
  const format = useFormat();
  const { periods } = report;
  const currencyOf = textsOf(periods, "currency");
  const nameOf = textsOf(periods, "period");
  const vatOf = figuresOf(periods, "vat");
  const rateOf = valuesOf(periods, "vat_rate").map((rate) => rateLabel(rate, format));
  const mine = (index: number) => currencyOf[index] === currency;
  const names = [...new Set(nameOf.filter((_, index) => mine(index)))];
  const rates = [...new Set(rateOf.filter((_, index) => mine(index)))];
  const isStated = vatOf.some((vat, index) => mine(index) && vat !== 0);
  const write = (value: unknown) => format.money(Number(value ?? 0), currency);
  const figure = (rate: string, name: string) =>
    vatOf[nameOf.findIndex((each, index) =>
      each === name && rateOf[index] === rate && mine(index))] ?? 0;
  const total = vatOf.reduce<number>((all, vat, index) => all + (mine(index) ? (vat ?? 0) : 0), 0);

  if (!isStated) return <Text c="dimmed">{t("reports.vatNone")}</Text>;
  return (
    <Chart height={280}
           summary={t("reports.vatSummary", {
             total: format.amount(total, currency), count: names.length, rates: rates.join(", "),
           })}
           option={{
             legend: {},
             tooltip: { valueFormatter: write },
             xAxis: { type: "category", data: names.map((name) => periodLabel(name, format)) },
             yAxis: { type: "value",
                      axisLabel: { formatter: (value: number) => format.short(value) } },
             series: rates.map((rate) => ({
               name: rate, type: "bar", stack: "vat", barMaxWidth: 42,
               data: names.map((name) => figure(rate, name)),
             })),
           }} />
  );
}
