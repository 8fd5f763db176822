// SPDX-License-Identifier: Apache-2.0
// Which channels and campaigns lead to sales: how much the answer depends on the rule comes first,
// then what it means, the credit, what it cost, and the journeys behind it.
import { Button, List, NativeSelect, SimpleGrid, Stack } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useState } from "react";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, FailureNote, LoadingTable, Page, PageHeader, Panel, StatTile,
  useAddressState,
} from "@/components";
import { RunProgress, Warnings } from "@/features/analysis/Run";
import { textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import {
  ATTRIBUTION_PATH, RUNS_PATH, type Attribution, type AttributionResult,
} from "./attribution";
import { Lengths, Times } from "./Charts";
import { Costs } from "./Costs";
import { Options } from "./Options";
import { Picture } from "./Picture";

export default function AttributionPage() {
  const answer = useApi<Attribution>(ATTRIBUTION_PATH);
  const mayRun = useMay()("change_segments");
  const [job, setJob] = useState<string>();

  return (
    <Page width="wide">
      <PageHeader title={t("shell.attribution")} sentence={t("attribution.purpose")} />
      {job && <RunProgress key={job} id={job} onDone={answer.refetch} />}
      <Answer of={answer} loading={<LoadingTable rows={10} />}>
        {({ run, result, ran_at }) => result
          ? (
            <Stack gap="lg">
              <Told result={result} ranAt={ran_at ?? ""} />
              <Costs channels={textsOf(result.credit, "name")} currency={result.currency}
                     mayChange={mayRun} />
              {mayRun && <Options key={run} result={result} onStart={setJob} />}
              <Computation result={result} />
            </Stack>
          )
          : (
            <EmptyState icon={IconRoute} title={t("attribution.never")}
                        sentence={t("attribution.neverHint")}>
              {!job && mayRun && <FirstRun onStart={setJob} />}
            </EmptyState>
          )}
      </Answer>
    </Page>
  );
}

function FirstRun({ onStart }: { onStart: (job: string) => void }) {
  const run = useAction<undefined, { job_id: string }>(
    () => ({ method: "POST", path: RUNS_PATH, body: {} }),
    { onDone: ({ job_id }) => onStart(job_id) });

  return (
    <>
      <Button loading={run.isPending} onClick={() => run.mutate(undefined)}>
        {t("attribution.run")}
      </Button>
      <FailureNote error={run.error} />
    </>
  );
}

interface ToldProps {
  result: AttributionResult;
}

function Told({ result, ranAt }: ToldProps & { ranAt: string }) {
  return (
    <>
      <Figures result={result} ranAt={ranAt} />
      {result.conversions > 0 && (
        <Panel title={t("attribution.picture")} sentence={t("attribution.pictureHint")}>
          <Picture result={result} />
        </Panel>
      )}
      <Panel title={t("attribution.reading")}>
        <List size="sm" spacing={4}>
          {result.reading.map((sentence) => <List.Item key={sentence}>{sentence}</List.Item>)}
        </List>
      </Panel>
      <Warnings title={t("attribution.warnings")} warnings={result.warnings} />
      {result.conversions > 0 && <Credit result={result} />}
      {result.conversions > 0 && (
        <Panel title={t("attribution.returns")} sentence={t("attribution.returnsHint")}>
          <DataTable table={result.returns} name={t("attribution.returns")} />
        </Panel>
      )}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Panel title={t("attribution.lengths")} sentence={t("attribution.lengthsHint")}>
          <Lengths result={result} />
        </Panel>
        <Panel title={t("attribution.times")} sentence={t("attribution.timesHint")}>
          <Times result={result} />
        </Panel>
      </SimpleGrid>
      <Panel title={t("attribution.topPaths")} sentence={t("attribution.topPathsHint")}>
        <DataTable table={result.top_paths} name={t("attribution.topPaths")} maxHeight={420} />
      </Panel>
    </>
  );
}

function Figures({ result, ranAt }: ToldProps & { ranAt: string }) {
  const format = useFormat();
  const { conversions, nulls, currency } = result;

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t("attribution.sales")} value={format.short(conversions)}
                exact={format.integer(conversions)}
                note={t("attribution.salesNote", { sales: format.integer(result.sales) })} />
      <StatTile label={t("attribution.value")}
                value={format.short(result.value, currency ?? undefined)}
                exact={format.amount(result.value, currency ?? undefined)}
                note={t("attribution.valueNote", {
                  value: format.amount(result.untouched_value, currency ?? undefined),
                })} />
      <StatTile label={t("attribution.chance")}
                value={conversions + nulls > 0
                  ? format.share(conversions / (conversions + nulls)) : "–"}
                note={t("attribution.chanceNote", { nulls: format.integer(nulls) })} />
      <StatTile label={t("attribution.period")}
                value={t("attribution.days", { days: result.look_back_days })}
                note={t("attribution.periodNote", {
                  from: format.day(result.from), until: format.day(result.until),
                  ran: ranAt ? format.ago(ranAt) : "",
                })} />
    </SimpleGrid>
  );
}

function Credit({ result }: ToldProps) {
  const [what, setWhat] = useAddressState("credit", "credit");
  const tables = {
    credit: result.credit, values: result.values,
    campaign_credit: result.campaign_credit, campaign_values: result.campaign_values,
  };
  const chosen = what in tables ? (what as keyof typeof tables) : "credit";

  return (
    <Panel title={t("attribution.credit")} sentence={t("attribution.creditHint")}>
      <Stack gap="sm">
        <CreditChoice value={chosen} onChange={setWhat} />
        <DataTable key={chosen} table={tables[chosen]} name={t(`attribution.${chosen}`)} />
      </Stack>
    </Panel>
  );
}

function CreditChoice({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <NativeSelect size="xs" value={value} aria-label={t("attribution.credit")} w={200}
                  onChange={(event) => onChange(event.currentTarget.value)}
                  data={(["credit", "values", "campaign_credit", "campaign_values"] as const)
                    .map((name) => ({ value: name, label: t(`attribution.${name}Short`) }))} />
  );
}

function Computation({ result }: ToldProps) {
  const format = useFormat();

  return (
    <Panel title={t("attribution.computed")}
           sentence={t("attribution.computedHint", {
             days: result.look_back_days, paths: format.integer(result.paths),
             states: format.integer(result.markov_states), order: result.order,
           })}>
      <DataTable table={result.orders} name={t("attribution.orders")} />
    </Panel>
  );
}
