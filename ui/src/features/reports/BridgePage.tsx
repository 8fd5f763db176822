// SPDX-License-Identifier: Apache-2.0
// Why revenue changed: three ways of telling it, each of which adds up to the same change.
import { SimpleGrid, Stack, Text } from "@mantine/core";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import {
  Answer, Chart, DataTable, LoadingTable, Panel, StatTile, useAddressState,
} from "@/components";
import { Choice } from "@/features/selection/Choice";
import { changeOf, columnOf, figureAxis, figureOf } from "@/features/selection/columns";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import {
  selectionParameters, useSelection, type Selection,
} from "@/features/selection/useSelection";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { series } from "@/theme";
import { BRIDGE_PATH, effectsOf, greatest, stepsOf, type Bridge, type Step } from "./bridge";
import { NothingSelected, ReportPage } from "./ReportPage";

const COLOURS: { [kind in Step["kind"]]: string } = {
  total: "#9aa7b0", rise: series[0], fall: series[5],
};

export default function BridgePage() {
  const selection = useSelection("last12months");
  const [compared, setCompared] = useAddressState("compare", "year");

  return (
    <ReportPage
      title={t("shell.reportBridge")} sentence={t("reports.bridgePurpose")} selection={selection}
      filters={{
        words: "reports.bridgeSentence",
        parts: {
          period: <PeriodChoice selection={selection} />,
          comparison: <Choice name={t("reports.comparison")} value={compared} onChange={setCompared}
                              options={[
                                { value: "year", label: t("reports.bridgeYear") },
                                { value: "previous", label: t("reports.bridgePrevious") },
                              ]} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Told selection={selection} compared={compared} />
    </ReportPage>
  );
}

function Told({ selection, compared }: { selection: Selection; compared: string }) {
  const { period, span, filters, isReady, isEmpty } = selection;
  const bounds = {
    from: period.from ?? span?.first_day ?? "", to: period.to ?? span?.last_day ?? "",
  };
  const answer = useApi<Bridge>(
    BRIDGE_PATH, { compare: compared, ...selectionParameters(bounds, filters) },
    { enabled: isReady && !isEmpty },
  );

  return (
    <Answer of={answer} loading={<LoadingTable rows={12} />}>
      {(bridge) => figureOf(bridge.total, "now") === 0 && figureOf(bridge.total, "before") === 0
        ? <NothingSelected selection={selection} />
        : <Ways bridge={bridge} firstDay={span?.first_day ?? undefined} />}
    </Answer>
  );
}

// firstDay: from which on sales are known at all.
function Ways({ bridge, firstDay }: { bridge: Bridge; firstDay: string | undefined }) {
  const format = useFormat();
  const unit = columnOf(bridge.total, "now")?.unit;
  const [before, now, change] = ["before", "now", "change"].map(
    (name) => figureOf(bridge.total, name) ?? 0) as [number, number, number];
  const { from, to } = bridge.compared_with;

  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, md: 3 }} spacing="sm">
        <StatTile label={t("reports.bridgeBefore")} value={format.short(before, unit)}
                  exact={format.amount(before, unit)}
                  note={`${format.day(from)} – ${format.day(to)}`} />
        <StatTile label={t("reports.bridgeNow")} value={format.short(now, unit)}
                  exact={format.amount(now, unit)} change={changeOf(now, before)} />
        <StatTile label={t("reports.change")} value={format.short(change, unit)}
                  exact={format.amount(change, unit)} />
      </SimpleGrid>
      {before === 0 && <Text>{t("reports.bridgeNothingBefore")}</Text>}
      {before !== 0 && firstDay !== undefined && from < firstDay && (
        <Text>{t("reports.bridgeHalfBefore", { day: format.day(firstDay) })}</Text>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Way title={t("reports.bridgeReceipts")} hint={t("reports.bridgeReceiptsHint")}
             before={before} table={bridge.receipts} />
        <Way title={t("reports.bridgeArticles")} hint={t("reports.bridgeArticlesHint")}
             before={before} table={bridge.articles} />
        <Way title={t("reports.bridgeCustomers")} hint={t("reports.bridgeCustomersHint")}
             before={before} table={bridge.customers} />
        <Panel title={t("reports.bridgeTrust")}>
          <Text size="sm">{t("reports.bridgeTrustHint")}</Text>
        </Panel>
      </SimpleGrid>
    </Stack>
  );
}

interface WayProps {
  title: string;
  hint: string;
  before: number;
  table: Table;
}

export function Way({ title, hint, before, table }: WayProps) {
  const format = useFormat();
  const column = columnOf(table, "amount");
  const effects = effectsOf(table);
  const most = greatest(effects);
  const money = (value: number) => format.amount(value, column?.unit);
  const steps = stepsOf(before, effects,
                        { before: t("reports.bridgeBefore"), now: t("reports.bridgeNow") });

  return (
    <Panel title={title} sentence={hint}>
      <Chart
        height={Math.max(220, steps.length * 40)}
        summary={most
          ? t("reports.bridgeSummary", { effect: most.label, amount: money(most.amount) })
          : t("reports.bridgeNoChange")}
        option={waterfall(steps, money, figureAxis(column, format))}
        table={<DataTable table={table} name={title} columns={{ effect: { isHidden: true } }} />} />
      <Text size="sm" mt="xs">
        {most
          ? t("reports.bridgeSummary", { effect: most.label, amount: money(most.amount) })
          : t("reports.bridgeNoChange")}
      </Text>
    </Panel>
  );
}

// Bars that float: an unseen one carries each to where it begins. What passes 0 is drawn from there
// to both sides.
function waterfall(steps: readonly Step[], money: (value: number) => string, axis: object) {
  const part = (low: number, high: number) => ({
    hidden: low > 0 ? low : high < 0 ? high : 0,
    above: Math.max(high, 0) - Math.max(low, 0),
    below: Math.min(low, 0) - Math.min(high, 0),
  });
  const parts = steps.map(({ from, to }) => part(Math.min(from, to), Math.max(from, to)));
  const colours = steps.map(({ kind }) => ({ itemStyle: { color: COLOURS[kind] } }));
  const bar = { type: "bar", stack: "all", barMaxWidth: 22 };

  return {
    grid: { left: 16, right: 16, top: 8, bottom: 8, containLabel: true },
    tooltip: {
      trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (points: { dataIndex: number }[]) => {
        const step = steps[points[0]!.dataIndex]!;
        return `${step.label}<br/><b>${money(step.kind === "total"
          ? step.to : step.to - step.from)}</b>`;
      },
    },
    xAxis: axis,
    yAxis: {
      type: "category", inverse: true, data: steps.map(({ label }) => label),
      axisLabel: { width: 132, overflow: "break", lineHeight: 15 },
    },
    series: [
      { ...bar, silent: true, itemStyle: { color: "transparent" },
        data: parts.map(({ hidden }) => hidden) },
      { ...bar, data: parts.map(({ above }, index) => ({ value: above, ...colours[index] })) },
      { ...bar, data: parts.map(({ below }, index) => ({ value: below, ...colours[index] })) },
    ],
  };
}
