// SPDX-License-Identifier: Apache-2.0
// What goes with spend per receipt, visits and more: a question, what was found, how sure it is,
// and what it cannot tell.
import { Alert, List, SimpleGrid, Stack } from "@mantine/core";
import { IconArrowsRandom, IconInfoCircle } from "@tabler/icons-react";
import { useState } from "react";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, StatTile,
} from "@/components";
import { RunProgress, Warnings } from "@/features/analysis/Run";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { Computation } from "./Computation";
import { DRIVERS_PATH, FIELDS_PATH, type Drivers, type DriversResult } from "./drivers";
import { Effects, EFFECTS_MOST, Leverages, Quantiles, Residuals, Shares } from "./Pictures";
import { QuestionForm } from "./QuestionForm";

export default function DriversPage() {
  const answer = useApi<Drivers>(DRIVERS_PATH);
  const fields = useApi<Table>(FIELDS_PATH);
  const [job, setJob] = useState<string>();

  return (
    <Page width="wide">
      <PageHeader title={t("shell.drivers")} sentence={t("drivers.purpose")} />
      <Alert icon={<IconInfoCircle size={20} />} title={t("drivers.notCauses")}>
        {t("drivers.notCausesHint")}
      </Alert>
      <Answer of={fields} loading={<LoadingTable rows={3} />}>
        {(known) => <QuestionForm fields={known} onStart={setJob} />}
      </Answer>
      {job && <RunProgress key={job} id={job} onDone={answer.refetch} />}
      <Answer of={answer} loading={<LoadingTable rows={10} />}>
        {({ result, ran_at }) => result
          ? <Told result={result} ranAt={ran_at ?? ""} />
          : (
            <EmptyState icon={IconArrowsRandom} title={t("drivers.never")}
                        sentence={t("drivers.neverHint")} />
          )}
      </Answer>
    </Page>
  );
}

interface ToldProps {
  result: DriversResult;
}

function Told({ result, ranAt }: ToldProps & { ranAt: string }) {
  const isLong = result.coefficients.row_count - 1 > EFFECTS_MOST;

  return (
    <Stack gap="lg">
      <Figures result={result} ranAt={ranAt} />
      <Panel title={t("drivers.effects", { outcome: result.outcome_label })}
             sentence={t(isLong ? "drivers.effectsHintLong" : "drivers.effectsHint", {
               percent: String(result.confidence_percent), most: String(EFFECTS_MOST),
             })}>
        <Effects result={result} />
      </Panel>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Panel title={t("drivers.reading")}>
          <List size="sm" spacing={6}>
            {result.reading.map((sentence) => <List.Item key={sentence}>{sentence}</List.Item>)}
          </List>
        </Panel>
        <Panel title={t("drivers.shares")} sentence={t("drivers.sharesHint")}>
          <Shares result={result} />
        </Panel>
      </SimpleGrid>
      <Warnings title={t("drivers.warnings")} warnings={result.warnings}
                otherwise={t("drivers.trusted")} />
      <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="lg">
        <Panel title={t("drivers.residuals")} sentence={t("drivers.residualsHint")}>
          <Residuals result={result} />
        </Panel>
        <Panel title={t("drivers.quantiles")} sentence={t("drivers.quantilesHint")}>
          <Quantiles result={result} />
        </Panel>
        <Panel title={t("drivers.leverages")} sentence={t("drivers.leveragesHint")}>
          <Leverages result={result} />
        </Panel>
      </SimpleGrid>
      <Influential result={result} />
      <Correlations result={result} />
      <Computation result={result} />
    </Stack>
  );
}

function Figures({ result, ranAt }: ToldProps & { ranAt: string }) {
  const format = useFormat();

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t("drivers.explained")} value={format.share(result.r_squared)}
                note={t("drivers.explainedNote", { outcome: result.outcome_label })} />
      <StatTile label={t(result.of === "receipts" ? "drivers.receipts" : "drivers.customers")}
                value={format.short(result.rows)} exact={format.integer(result.rows)}
                note={t("drivers.days", {
                  from: format.day(result.from), to: format.day(result.to),
                })} />
      <StatTile label={t("drivers.leftOut")}
                value={format.short(result.incomplete_rows + result.not_positive_rows)}
                note={t("drivers.leftOutNote")} />
      <StatTile label={t("drivers.coefficientCount")}
                value={format.integer(result.coefficient_count)}
                note={t("drivers.ran", { ran: ranAt ? format.ago(ranAt) : "" })} />
    </SimpleGrid>
  );
}

function Influential({ result }: ToldProps) {
  const mayRead = useMay()("read_customers");
  const leads = result.of === "customers" && mayRead;

  return (
    <Panel title={t("drivers.influential")} sentence={t("drivers.influentialHint")}>
      <DataTable table={result.influential} name={t("drivers.influential")} maxHeight={360}
                 {...(leads ? { href: (row) => `/customers/${row.text("id")}` } : {})} />
    </Panel>
  );
}

function Correlations({ result }: ToldProps) {
  const format = useFormat();

  if (result.correlations.row_count === 0) return null;
  return (
    <Panel title={t("drivers.correlations")}
           sentence={t("drivers.correlationsHint", {
             rows: format.integer(result.correlated_rows),
           })}>
      <DataTable table={result.correlations} name={t("drivers.correlations")} maxHeight={360} />
    </Panel>
  );
}
