// SPDX-License-Identifier: Apache-2.0
// What each customer is worth: how well the forecast did on what is known already, what it says,
// and when it should not be trusted.
import { SimpleGrid, Stack, Text } from "@mantine/core";
import { IconCoins } from "@tabler/icons-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, StatTile,
} from "@/components";
import { RunButton, RunProgress, Warnings } from "@/features/analysis/Run";
import { changeOf, figuresOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { AliveMap } from "./AliveMap";
import { ByDay, ByRepeats, Cohorts, Tenths } from "./Charts";
import {
  LIFETIME_VALUE_PATH, RUNS_PATH, type LifetimeValue, type LifetimeValueResult,
} from "./lifetimeValue";
import { MostValuable } from "./MostValuable";
import { Options } from "./Options";

export default function LifetimeValuePage() {
  const answer = useApi<LifetimeValue>(LIFETIME_VALUE_PATH);
  const [job, setJob] = useState<string>();
  const mayRun = useMay()("change_segments");

  return (
    <Page width="wide">
      <PageHeader title={t("shell.lifetimeValue")} sentence={t("lifetimeValue.purpose")} />
      {job && <RunProgress key={job} id={job} onDone={answer.refetch} />}
      <Answer of={answer} loading={<LoadingTable rows={10} />}>
        {({ run, result, ran_at }) => result
          ? (
            <Stack gap="lg">
              <Told result={result} ranAt={ran_at ?? ""} />
              {mayRun && <Options key={run} result={result} onStart={setJob} />}
              <Computation result={result} />
            </Stack>
          )
          : (
            <EmptyState icon={IconCoins} title={t("lifetimeValue.never")}
                        sentence={t("lifetimeValue.neverHint")}>
              {!job && (
                <RunButton path={RUNS_PATH} words={t("lifetimeValue.run")} onStart={setJob} />
              )}
            </EmptyState>
          )}
      </Answer>
    </Page>
  );
}

interface ToldProps {
  result: LifetimeValueResult;
}

function Told({ result, ranAt }: ToldProps & { ranAt: string }) {
  return (
    <Stack gap="lg">
      <Figures result={result} ranAt={ranAt} />
      <Trust result={result} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Panel title={t("lifetimeValue.byRepeats")} sentence={t("lifetimeValue.byRepeatsHint")}>
          <ByRepeats result={result} />
        </Panel>
        <Panel title={t("lifetimeValue.byDay")} sentence={t("lifetimeValue.byDayHint")}>
          <ByDay result={result} />
        </Panel>
        <Panel title={t("lifetimeValue.aliveMap")} sentence={t("lifetimeValue.aliveHint")}>
          <AliveMap table={result.alive} />
        </Panel>
        <Panel title={t("lifetimeValue.tenths")} sentence={t("lifetimeValue.tenthsHint")}>
          <Tenths result={result} />
        </Panel>
      </SimpleGrid>
      {result.cohorts && (
        <Panel title={t("lifetimeValue.cohorts")} sentence={t("lifetimeValue.cohortsHint")}>
          <Stack gap="sm">
            <Text size="sm">{result.cohort_reading}</Text>
            <Cohorts table={result.cohorts} reading={result.cohort_reading ?? ""} />
          </Stack>
        </Panel>
      )}
      <MostValuable />
    </Stack>
  );
}

function Figures({ result, ranAt }: ToldProps & { ranAt: string }) {
  const format = useFormat();
  const { expected_low: low, expected_high: high } = result;

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t("lifetimeValue.value", { months: result.horizon_months })}
                value={format.short(result.value, result.currency)}
                exact={format.amount(result.value, result.currency)}
                note={t("lifetimeValue.valueNote", {
                  margin: format.percent(result.margin_percent),
                  discount: format.percent(result.discount_percent),
                })} />
      <StatTile label={t(result.opportunity_days
                  ? "lifetimeValue.opportunities" : "lifetimeValue.purchases")}
                value={format.short(result.expected_purchases)}
                exact={format.number(result.expected_purchases, 1)}
                note={low === null || high === null
                  ? t("lifetimeValue.noInterval")
                  : t("lifetimeValue.interval", {
                      low: format.integer(low), high: format.integer(high),
                    })} />
      <StatTile label={t("lifetimeValue.alive")} value={format.short(result.expected_alive)}
                exact={format.number(result.expected_alive, 1)}
                note={t("lifetimeValue.ofCustomers", { count: result.customers })} />
      <StatTile label={t("lifetimeValue.model")} value={result.model}
                note={t("lifetimeValue.asOf", {
                  day: format.day(result.as_of), ran: ranAt ? format.ago(ranAt) : "",
                })} />
    </SimpleGrid>
  );
}

function Trust({ result }: ToldProps) {
  const format = useFormat();
  const off = changeOf(figuresOf(result.by_day, "expected").at(-1) ?? null,
                       figuresOf(result.by_day, "actual").at(-1) ?? null);

  if (result.warnings.length === 0)
    return (
      <Text size="sm">
        {t("lifetimeValue.trusted", { off: off === null ? "–" : format.change(off) })}
      </Text>
    );
  return <Warnings title={t("lifetimeValue.warnings")} warnings={result.warnings} />;
}

function Computation({ result }: ToldProps) {
  const format = useFormat();

  return (
    <Panel title={t("lifetimeValue.computed")}
           sentence={t("lifetimeValue.computedHint", {
             from: format.day(result.from), split: format.day(result.split),
             end: format.day(result.as_of), model: result.model,
             day: result.opportunity_days
               ? t("lifetimeValue.ofOpportunity", { count: result.opportunity_days })
               : t("lifetimeValue.ofDay"),
           })}>
      <Stack gap="md">
        <DataTable table={result.models} name={t("lifetimeValue.models")} />
        <DataTable table={result.parameters} name={t("lifetimeValue.parameters")} />
      </Stack>
    </Panel>
  );
}
