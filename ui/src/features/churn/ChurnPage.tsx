// SPDX-License-Identifier: Apache-2.0
// Who will leave: how well it was known in past months, what it rests on, who they are, and when
// it should not be trusted.
import { Alert, SimpleGrid, Stack } from "@mantine/core";
import { IconHandStop, IconUserMinus } from "@tabler/icons-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, StatTile,
} from "@/components";
import { RunButton, RunProgress, Warnings } from "@/features/analysis/Run";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { AtRisk } from "./AtRisk";
import { Bands, Calibration, Drivers, Lift } from "./Charts";
import { CHURN_PATH, RUNS_PATH, type Churn, type ChurnResult } from "./churn";

export default function ChurnPage() {
  const answer = useApi<Churn>(CHURN_PATH);
  const [job, setJob] = useState<string>();

  return (
    <Page width="wide">
      <PageHeader title={t("shell.churn")} sentence={t("churn.purpose")}>
        {answer.data?.result &&
          <RunButton path={RUNS_PATH} words={t("churn.runAgain")} onStart={setJob} />}
      </PageHeader>
      {job && <RunProgress key={job} id={job} onDone={answer.refetch} />}
      <Answer of={answer} loading={<LoadingTable rows={10} />}>
        {({ result, ran_at }) => result
          ? <Told result={result} ranAt={ran_at ?? ""} />
          : (
            <EmptyState icon={IconUserMinus} title={t("churn.never")}
                        sentence={t("churn.neverHint")}>
              {!job && <RunButton path={RUNS_PATH} words={t("churn.run")} onStart={setJob} />}
            </EmptyState>
          )}
      </Answer>
    </Page>
  );
}

interface ToldProps {
  result: ChurnResult;
}

function Told({ result, ranAt }: ToldProps & { ranAt: string }) {
  return (
    <Stack gap="lg">
      <Figures result={result} ranAt={ranAt} />
      {!result.usable && (
        <Alert icon={<IconHandStop size={20} />} color="red" title={t("churn.refused")}
               styles={{ title: { color: "var(--mantine-color-text)" } }}>
          {result.refusal}
        </Alert>
      )}
      <Warnings title={t("churn.warnings")} warnings={result.warnings} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Panel title={t("churn.calibration")} sentence={t("churn.calibrationHint")}>
          <Calibration result={result} />
        </Panel>
        <Panel title={t("churn.lift")} sentence={t("churn.liftHint")}>
          <Lift result={result} />
        </Panel>
        {result.usable && (
          <>
            <Panel title={t("churn.drivers")} sentence={t("churn.driversHint")}>
              <Drivers result={result} />
            </Panel>
            <Panel title={t("churn.bands")} sentence={t("churn.bandsHint")}>
              <Bands result={result} />
            </Panel>
          </>
        )}
      </SimpleGrid>
      {result.usable && <AtRisk />}
      <Computation result={result} />
    </Stack>
  );
}

function Figures({ result, ranAt }: ToldProps & { ranAt: string }) {
  const format = useFormat();

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t("churn.leave", { days: result.horizon_days })}
                value={result.expected === null ? "–" : format.short(result.expected)}
                exact={result.expected === null ? "" : format.number(result.expected, 1)}
                note={t("churn.ofCustomers", { count: result.customers })} />
      <StatTile label={t("churn.past")} value={format.share(result.past_share)}
                note={t("churn.pastNote", { count: result.months_tested })} />
      <StatTile label={t("churn.order")}
                value={result.auc === null ? "–" : format.share(result.auc)}
                note={t("churn.orderNote")} />
      <StatTile label={t("churn.model")} value={result.model}
                note={t("churn.asOf", {
                  day: format.day(result.as_of), ran: ranAt ? format.ago(ranAt) : "",
                })} />
    </SimpleGrid>
  );
}

function Computation({ result }: ToldProps) {
  const format = useFormat();
  const exact = { render: (loss: unknown) => format.number(Number(loss ?? 0), 4) };

  return (
    <Panel title={t("churn.computed")}
           sentence={t("churn.computedHint", {
             active: result.active_days, horizon: result.horizon_days,
             won: result.months_won, months: result.months_tested,
             loss: format.number(result.log_loss, 4),
             naive: format.number(result.naive_log_loss, 4),
             then: t(result.usable ? "churn.computedUsed" : "churn.computedRefused"),
           })}>
      <Stack gap="md">
        <DataTable table={result.models} name={t("churn.models")}
                   columns={{ log_loss: exact, brier: exact }} />
        <DataTable table={result.months} name={t("churn.months")}
                   columns={{ log_loss: exact, naive_log_loss: exact }} />
      </Stack>
    </Panel>
  );
}
