// SPDX-License-Identifier: Apache-2.0
// Who comes back: customers by the month of their first purchase, and how many buy again so many
// months later.
import { SegmentedControl, Stack } from "@mantine/core";
import { useApi } from "@/api/queries";
import { Answer, Chart, DataTable, LoadingTable, Panel, useAddressState } from "@/components";
import { NothingSelected, ReportPage } from "@/features/reports/ReportPage";
import { figuresOf } from "@/features/selection/columns";
import { Computed } from "@/features/selection/Computed";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodName } from "@/features/selection/PeriodName";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { useSelection, type Selection } from "@/features/selection/useSelection";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { series } from "@/theme";
import { cohortRows, COHORTS_PATH, type CohortRow, type Cohorts } from "./retention";
import { Triangle, type Unit } from "./Triangle";

const MANY = 16; // cohorts whose points would hide each other

export default function CohortsPage() {
  const selection = useSelection("all");
  const report = useApi<Cohorts>(COHORTS_PATH, selection.parameters,
    { enabled: selection.isReady && !selection.isEmpty });

  return (
    <ReportPage
      title={t("shell.reportCohorts")} sentence={t("retention.purpose")} selection={selection}
      actions={<Computed of={{ report: COHORTS_PATH }} parameters={selection.parameters} />}
      filters={{
        words: "retention.filterSentence",
        parts: {
          period: <PeriodChoice selection={selection} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Answer of={report} loading={<LoadingTable rows={14} />}>
        {(cohorts) => cohorts.counts.rows.length === 0
          ? <NothingSelected selection={selection} />
          : <Told cohorts={cohorts} selection={selection} />}
      </Answer>
    </ReportPage>
  );
}

function Told({ cohorts, selection }: { cohorts: Cohorts; selection: Selection }) {
  const [unit, setUnit] = useAddressState("unit", "percent");
  const rows = cohortRows(cohorts);

  return (
    <Stack gap="lg">
      <Panel title={t("retention.triangle")} sentence={t("retention.triangleHint")}
             aside={
               <SegmentedControl size="xs" value={unit} onChange={setUnit}
                                 aria-label={t("retention.unit")}
                                 data={[
                                   { value: "percent", label: t("retention.percent") },
                                   { value: "customers", label: t("reports.customers") },
                                 ]} />
             }>
        <Triangle rows={rows} unit={unit as Unit} />
      </Panel>
      <Panel title={t("retention.curves")} sentence={t("retention.curvesHint")}>
        <Curves rows={rows} cohorts={cohorts} />
      </Panel>
      <Panel title={t("reports.numbers")}
             aside={<Computed of={{ report: COHORTS_PATH }} parameters={selection.parameters} />}>
        <DataTable table={unit === "percent" ? cohorts.shares : cohorts.counts}
                   name={t("shell.reportCohorts")}
                   columns={{
                     cohort: { render: (cohort) => <PeriodName name={String(cohort)} /> },
                   }} />
      </Panel>
    </Stack>
  );
}

// Every cohort thin and grey, all of them together strong: the eye shall follow the one.
function Curves({ rows, cohorts }: { rows: CohortRow[]; cohorts: Cohorts }) {
  const format = useFormat();
  const months = figuresOf(cohorts.curve, "month").map(String);
  const all = figuresOf(cohorts.curve, "share");
  const share = (value: unknown) => (typeof value === "number" ? format.share(value) : "–");
  const at = (month: number) => share(all[Math.min(month, all.length - 1)]);

  return (
    <Chart height={320}
           summary={t("retention.curveSummary", {
             first: at(1), month: Math.max(0, all.length - 1), last: at(all.length - 1),
           })}
           table={<DataTable table={cohorts.curve} name={t("retention.curves")} />}
           option={{
             tooltip: { trigger: "item", valueFormatter: share },
             xAxis: { type: "category", data: months.slice(1), name: t("retention.monthsSince"),
                      nameLocation: "middle", nameGap: 28, boundaryGap: false },
             grid: { bottom: 24 },
             yAxis: { type: "value", min: 0,
                      axisLabel: { formatter: (value: number) => format.percent(value * 100) } },
             series: [
               ...rows.map((row) => ({
                 name: format.month(row.name), type: "line", z: 1,
                 symbolSize: rows.length > MANY ? 0 : 4,
                 lineStyle: { width: 1, opacity: 0.45 }, itemStyle: { color: "#9aa7b0" },
                 data: row.shares.slice(1),
               })),
               { name: t("retention.allCohorts"), type: "line", z: 2, symbolSize: 6,
                 lineStyle: { width: 3 }, itemStyle: { color: series[0] }, data: all.slice(1) },
             ],
           }} />
  );
}
