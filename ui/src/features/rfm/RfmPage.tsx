// SPDX-License-Identifier: Apache-2.0
// Who bought lately, who often, who for much: scores, their map, and the groups they make.
import { Button, Group, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconFilterPlus, IconUsers } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { Cell } from "@/api/client";
import { useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, Chart, DataTable, LoadingTable, Panel, StatTile, useAddressState, type RowView,
} from "@/components";
import { NothingSelected, ReportPage } from "@/features/reports/ReportPage";
import { columnOf, figuresOf, textsOf } from "@/features/selection/columns";
import { Computed } from "@/features/selection/Computed";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { useSelection, type Selection } from "@/features/selection/useSelection";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { HeatMap, type Measure } from "./HeatMap";
import { gridCells, RFM_PATH, segmentOfGroup, type Rfm } from "./rfm";
import { RfmCustomers } from "./RfmCustomers";
import { RulesPanel, useRules, type Rules } from "./Rules";

const hasRules = (rules: Rules) => Object.keys(rules).length > 0;

export default function RfmPage() {
  const selection = useSelection("all");
  const rules = useRules();
  const parameters = { ...selection.parameters, ...rules };
  const report = useApi<Rfm>(RFM_PATH, parameters,
    { enabled: selection.isReady && !selection.isEmpty });

  return (
    <ReportPage
      title={t("shell.reportRfm")} sentence={t("rfm.purpose")} selection={selection}
      actions={<Computed of={{ report: RFM_PATH }} parameters={parameters} />}
      filters={{
        words: "rfm.filterSentence",
        parts: {
          period: <PeriodChoice selection={selection} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Answer of={report} loading={<LoadingTable rows={10} />}>
        {(rfm) => rfm.customers === 0
          ? <NothingSelected selection={selection} />
          : <Told rfm={rfm} selection={selection} rules={rules} />}
      </Answer>
      <RulesPanel key={JSON.stringify(rules)} rules={rules} />
    </ReportPage>
  );
}

interface ToldProps {
  rfm: Rfm;
  selection: Selection;
  rules: Rules;
}

function Told({ rfm, selection, rules }: ToldProps) {
  const [chosen, choose] = useAddressState("group", "");
  const [measure, setMeasure] = useAddressState("measure", "customers");
  const cells = gridCells(rfm.grid);
  const unit = columnOf(rfm.grid, "revenue_gross")?.unit;

  return (
    <Stack gap="lg">
      <Figures rfm={rfm} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Panel title={t("rfm.map")}
               sentence={t(hasRules(rules) ? "rfm.mapRulesHint" : "rfm.mapHint")}
               aside={
                 <SegmentedControl size="xs" value={measure} onChange={setMeasure}
                                   aria-label={t("rfm.measure")}
                                   data={[
                                     { value: "customers", label: t("reports.customers") },
                                     { value: "revenue", label: t("reports.revenue") },
                                   ]} />
               }>
          <HeatMap cells={cells} measure={measure as Measure} unit={unit} chosen={chosen}
                   onChoose={(group) => choose(group === chosen ? "" : group)} />
        </Panel>
        <Panel title={t("rfm.groupShares")}><GroupChart rfm={rfm} /></Panel>
      </SimpleGrid>
      {chosen && <Chosen rfm={rfm} group={chosen} selection={selection} rules={rules} />}
      <Groups rfm={rfm} selection={selection} rules={rules} onChoose={choose} />
    </Stack>
  );
}

function Figures({ rfm }: { rfm: Rfm }) {
  const format = useFormat();
  const units = textsOf(rfm.figures, "unit");
  const means = figuresOf(rfm.figures, "mean");
  const medians = figuresOf(rfm.figures, "median");
  const write = (value: number | null, index: number) =>
    index === 2 ? format.amount(value ?? 0, units[2]) : format.number(value ?? 0, 1);

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t("rfm.scored")} value={format.integer(rfm.customers)}
                note={t("rfm.asOf", { day: format.day(rfm.as_of) })} />
      {(["recency", "frequency", "monetary"] as const).map((name, index) => (
        <StatTile key={name} label={t(`rfm.${name}`)}
                  value={write(medians[index] ?? null, index)}
                  exact={format.number(medians[index] ?? 0, 4)}
                  note={t("rfm.mean", { mean: write(means[index] ?? null, index) })} />
      ))}
    </SimpleGrid>
  );
}

function GroupChart({ rfm }: { rfm: Rfm }) {
  const format = useFormat();
  const names = textsOf(rfm.groups, "group");
  const customers = figuresOf(rfm.groups, "customer_share");
  const revenue = figuresOf(rfm.groups, "revenue_share");
  const share = (value: unknown) => format.share(Number(value ?? 0));
  const best = revenue.indexOf(Math.max(...revenue.map((each) => each ?? 0)));

  return (
    <Chart height={420}
           summary={t("rfm.groupSummary", {
             group: names[best] ?? "", customers: share(customers[best]),
             revenue: share(revenue[best]),
           })}
           option={{
             legend: {},
             tooltip: { valueFormatter: share },
             xAxis: { type: "value",
                      axisLabel: { formatter: (value: number) => format.percent(value * 100) } },
             yAxis: { type: "category", inverse: true, data: names },
             series: [
               { name: t("reports.ofCustomersLegend"), type: "bar", barGap: "10%",
                 data: customers },
               { name: t("reports.ofRevenueLegend"), type: "bar", data: revenue },
             ],
           }} />
  );
}

function segmentAddress(rfm: Rfm, group: string, selection: Selection): string {
  const tree = segmentOfGroup(group, selection.filters, selection.period);
  const search = new URLSearchParams({
    name: group, definition: JSON.stringify(tree),
    description: t("rfm.segmentDescription", { group, day: rfm.as_of }),
  });
  return `/analyze/segments/new?${search}`;
}

// A segment knows fifths alone: of limits it would hold others than the page shows.
function SegmentButton({ rfm, group, selection, rules, isSmall }: ToldProps & {
  group: string; isSmall?: boolean;
}) {
  if (!useMay()("change_segments") || hasRules(rules)) return null;
  return (
    <Button component={Link} to={segmentAddress(rfm, group, selection)}
            size={isSmall ? "compact-sm" : "sm"} variant={isSmall ? "subtle" : "filled"}
            leftSection={isSmall ? undefined : <IconFilterPlus size={16} />}
            aria-label={t("rfm.makeSegmentOf", { group })}>
      {t("rfm.makeSegment")}
    </Button>
  );
}

function Chosen({ rfm, group, selection, rules }: ToldProps & { group: string }) {
  const index = textsOf(rfm.groups, "group").indexOf(group);
  const may = useMay();

  if (index < 0) return null;
  return (
    <Panel title={group} sentence={textsOf(rfm.groups, "meaning")[index]}
           aside={
             <SegmentButton rfm={rfm} group={group} selection={selection} rules={rules} />
           }>
      <Text size="sm" mb="sm">
        {t(hasRules(rules) ? "rfm.rulesSegmentHint" : "rfm.segmentHint")}
      </Text>
      {may("read_customers") && (
        <RfmCustomers group={group} selection={selection} rules={rules} />
      )}
    </Panel>
  );
}

function Named({ name, row }: { name: Cell; row: RowView }) {
  return (
    <div style={{ minWidth: "11rem" }}>
      <Text size="sm" fw={600}>{name}</Text>
      <Text size="xs" c="dimmed">{row.text("meaning")}</Text>
    </div>
  );
}

interface GroupsProps extends ToldProps {
  onChoose: (group: string) => void;
}

function Groups({ rfm, selection, rules, onChoose }: GroupsProps) {
  return (
    <Panel title={t("rfm.groups")}>
      <DataTable table={rfm.groups} name={t("rfm.groups")}
                 columns={{
                   group: { render: (group, row) => <Named name={group} row={row} /> },
                   meaning: { isHidden: true },
                 }}
                 actions={(row) => (
                   <Group gap={4} wrap="nowrap" justify="flex-end">
                     <Button size="compact-sm" variant="subtle"
                             leftSection={<IconUsers size={14} />}
                             aria-label={t("rfm.showCustomersOf", { group: row.text("group") })}
                             onClick={() => onChoose(row.text("group"))}>
                       {t("rfm.showCustomers")}
                     </Button>
                     <SegmentButton rfm={rfm} group={row.text("group")} selection={selection}
                                    rules={rules} isSmall />
                   </Group>
                 )} />
    </Panel>
  );
}
