// SPDX-License-Identifier: Apache-2.0
// How long customers stay and when they come back, for trade with and without contracts.
import { SimpleGrid, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useApi } from "@/api/queries";
import { Answer, DataTable, LoadingTable, Panel, StatTile } from "@/components";
import { Warnings } from "@/features/analysis/Run";
import { ReportPage } from "@/features/reports/ReportPage";
import { figuresOf } from "@/features/selection/columns";
import { Computed } from "@/features/selection/Computed";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { useSelection } from "@/features/selection/useSelection";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { RETENTION_PATH, type Tenure } from "./tenure";
import { Curve, Gaps, WinBack } from "./TenureCharts";

export default function RetentionPage() {
  const selection = useSelection("all");
  const report = useApi<Tenure>(RETENTION_PATH, selection.parameters,
    { enabled: selection.isReady && !selection.isEmpty });

  return (
    <ReportPage
      title={t("shell.reportRetention")} sentence={t("tenure.purpose")} selection={selection}
      actions={<Computed of={{ report: RETENTION_PATH }} parameters={selection.parameters} />}
      filters={{
        words: "tenure.filterSentence",
        parts: {
          period: <PeriodChoice selection={selection} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Answer of={report} loading={<LoadingTable rows={14} />}>
        {(tenure) => <Told tenure={tenure} />}
      </Answer>
    </ReportPage>
  );
}

interface ToldProps {
  tenure: Tenure;
}

function Told({ tenure }: ToldProps) {
  return (
    <Stack gap="lg">
      <Figures tenure={tenure} />
      <Warnings title={t("tenure.warnings")} warnings={tenure.warnings} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <WithoutContracts tenure={tenure} />
      </SimpleGrid>
      <Contracts tenure={tenure} />
      <Lists tenure={tenure} />
    </Stack>
  );
}

function useShare() {
  const format = useFormat();
  return (value: number | null | undefined) =>
    (typeof value === "number" ? format.share(value) : "–");
}

function Figures({ tenure }: ToldProps) {
  const format = useFormat();
  const days = (count: number | null) =>
    (count === null ? t("tenure.notYet") : t("tenure.countDays", { count }));

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t("tenure.secondMedian")} value={days(tenure.second_median)}
                note={t("tenure.ofCustomers", { count: tenure.customers })} />
      <StatTile label={t("tenure.gapMedian")} value={days(tenure.gap_median)}
                note={t("tenure.ofRepeats",
                        { repeats: format.integer(tenure.repeat_purchases) })} />
      <StatTile label={t("tenure.silenceIs")} value={days(tenure.silence_days)}
                note={t(tenure.silence_is_given
                  ? "tenure.silenceGiven" : "tenure.silenceChosen")} />
      <StatTile label={t("tenure.silenceMedian")} value={days(tenure.silence_median)}
                note={t("tenure.silenceMedianNote")} />
    </SimpleGrid>
  );
}

// A picture, or why there is none.
function Shown({ rows, why, children }: { rows: number; why: string; children: ReactNode }) {
  return rows > 0 ? children : <Text c="dimmed" size="sm">{why}</Text>;
}

function WithoutContracts({ tenure }: ToldProps) {
  const share = useShare();
  const cohorts = figuresOf(tenure.cohorts, "share");
  const rates = figuresOf(tenure.rates, "retention");

  return (
    <>
      <Panel title={t("tenure.cohorts")} sentence={t("tenure.cohortsHint")}>
        <Curve table={{ ...tenure.cohorts, rows: tenure.cohorts.rows.slice(1) }} along="month"
               axis={t("tenure.monthsSince")} name={t("tenure.cohorts")}
               summary={t("tenure.cohortsSummary",
                          { first: share(cohorts[1]), last: share(cohorts.at(-1)) })} />
      </Panel>
      <Panel title={t("tenure.rates")}
             sentence={t("tenure.ratesHint", { days: tenure.silence_days })}>
        <Shown rows={tenure.rates.rows.length} why={t("tenure.noRates")}>
          <Curve table={tenure.rates} along="month" shares="retention" axis={t("tenure.month")}
                 name={t("tenure.rate")}
                 summary={t("tenure.ratesSummary", { last: share(rates.at(-1)) })} />
        </Shown>
      </Panel>
      <Panel title={t("tenure.second")} sentence={t("tenure.secondHint")}>
        <Curve table={tenure.second} along="days" axis={t("tenure.daysSinceFirst")}
               name={t("tenure.second")}
               summary={t("tenure.secondSummary",
                          { last: share(figuresOf(tenure.second, "share").at(-1)) })} />
      </Panel>
      <Panel title={t("tenure.silence")}
             sentence={t("tenure.silenceHint", { days: tenure.silence_days })}>
        <Curve table={tenure.silence} along="days" axis={t("tenure.daysSinceFirst")}
               name={t("tenure.silence")}
               summary={t("tenure.silenceSummary",
                          { last: share(figuresOf(tenure.silence, "share").at(-1)) })} />
      </Panel>
      <Panel title={t("tenure.gaps")} sentence={t("tenure.gapsHint")}>
        <Shown rows={tenure.repeat_purchases} why={t("tenure.noGaps")}>
          <Gaps tenure={tenure} />
        </Shown>
      </Panel>
      <Panel title={t("tenure.winBack")} sentence={t("tenure.winBackHint")}>
        <Shown rows={tenure.win_back.rows.length} why={t("tenure.noGaps")}>
          <WinBack tenure={tenure} />
        </Shown>
      </Panel>
    </>
  );
}

function Contracts({ tenure }: ToldProps) {
  const share = useShare();
  const projected = figuresOf(tenure.contracts, "projected");
  const rates = figuresOf(tenure.contracts, "renewal_rate");

  return (
    <Panel title={t("tenure.contracts")} sentence={t("tenure.contractsHint")}>
      <Shown rows={tenure.contracts.rows.length} why={t("tenure.noContracts")}>
        <Curve table={tenure.contracts} along="month" axis={t("tenure.renewals")}
               name={t("tenure.renewed")}
               more={{ column: "projected", name: t("tenure.projected") }}
               summary={t("tenure.contractsSummary", {
                 first: share(figuresOf(tenure.contracts, "share")[1]),
                 rate: share(rates.at(-1)), last: share(projected.at(-1)),
               })} />
      </Shown>
    </Panel>
  );
}

function Lists({ tenure }: ToldProps) {
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
      <Panel title={t("tenure.categories")} sentence={t("tenure.categoriesHint")}>
        <Shown rows={tenure.categories.rows.length} why={t("tenure.noCategories")}>
          <DataTable table={tenure.categories} name={t("tenure.categories")} maxHeight={360} />
        </Shown>
      </Panel>
      <Panel title={t("tenure.reasons")} sentence={t("tenure.reasonsHint")}>
        <Shown rows={tenure.reasons.rows.length} why={t("tenure.noReasons")}>
          <DataTable table={tenure.reasons} name={t("tenure.reasons")} maxHeight={360} />
        </Shown>
      </Panel>
    </SimpleGrid>
  );
}
