// SPDX-License-Identifier: Apache-2.0
// Whom a treatment moves: what a test between two segments says of it, or that it says nothing.
import { Alert, List, SimpleGrid, Stack } from "@mantine/core";
import { IconArrowsSplit2, IconHandStop } from "@tabler/icons-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, StatTile,
} from "@/components";
import { RunProgress, Warnings } from "@/features/analysis/Run";
import { figuresOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { AtShare, Gained, Tenths } from "./Charts";
import { MostMoved } from "./MostMoved";
import { Question } from "./Question";
import { UPLIFT_PATH, type Uplift, type UpliftResult } from "./uplift";

export default function UpliftPage() {
  const answer = useApi<Uplift>(UPLIFT_PATH);
  const mayRun = useMay()("change_segments");
  const [job, setJob] = useState<string>();

  return (
    <Page width="wide">
      <PageHeader title={t("shell.uplift")} sentence={t("uplift.purpose")} />
      {job && <RunProgress key={job} id={job} onDone={answer.refetch} />}
      <Answer of={answer} loading={<LoadingTable rows={10} />}>
        {({ run, result, ran_at }) => (
          <Stack gap="lg">
            {result
              ? <Told result={result} ranAt={ran_at ?? ""} />
              : (
                <EmptyState icon={IconArrowsSplit2} title={t("uplift.never")}
                            sentence={t("uplift.neverHint")} />
              )}
            {mayRun && <Question key={run ?? ""} result={result} onStart={setJob} />}
            {result && <Computation result={result} />}
          </Stack>
        )}
      </Answer>
    </Page>
  );
}

interface ToldProps {
  result: UpliftResult;
}

function Told({ result, ranAt }: ToldProps & { ranAt: string }) {
  return (
    <Stack gap="lg">
      <Figures result={result} ranAt={ranAt} />
      {result.noise && (
        <Alert icon={<IconHandStop size={20} />} color="gray" title={t("uplift.noise")}
               styles={{ title: { color: "var(--mantine-color-text)" } }}>
          {t("uplift.noiseHint")}
        </Alert>
      )}
      <Panel title={t("uplift.reading")}>
        <List size="sm" spacing={6}>
          {result.reading.map((sentence) => <List.Item key={sentence}>{sentence}</List.Item>)}
        </List>
      </Panel>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Panel title={t("uplift.gained")} sentence={t("uplift.gainedHint")}>
          <Gained result={result} />
        </Panel>
        <Panel title={t("uplift.at")} sentence={t("uplift.atHint")}>
          <AtShare result={result} />
        </Panel>
      </SimpleGrid>
      <Warnings title={t("uplift.warnings")} warnings={result.warnings} />
      {result.usable && (
        <>
          <Panel title={t("uplift.tenths")} sentence={t("uplift.tenthsHint")}>
            <Tenths result={result} />
          </Panel>
          <MostMoved />
        </>
      )}
    </Stack>
  );
}

function Figures({ result, ranAt }: ToldProps & { ranAt: string }) {
  const format = useFormat();
  const effect = figuresOf(result.curve, "uplift").at(-1) ?? null;
  const third = figuresOf(result.curve, "uplift")[5] ?? null;
  const qinis = figuresOf(result.methods, "qini").map((qini) => qini ?? 0);
  const points = (value: number | null) =>
    value === null ? "–" : t("experiments.points", { points: format.number(100 * value, 2) });

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t("uplift.everybody")} value={points(effect)}
                note={t("uplift.everybodyNote", {
                  treated: format.share(result.responses_treated / result.treated),
                  control: format.share(result.responses_control / result.control),
                })} />
      <StatTile label={t("uplift.firstThird")} value={points(third)}
                note={t("uplift.firstThirdNote")} />
      <StatTile label={t("uplift.qini")}
                value={format.number(Math.max(...qinis), 3)}
                note={t("uplift.qiniNote")} />
      <StatTile label={t("uplift.test")}
                value={format.integer(result.treated + result.control)}
                note={t("uplift.testNote", {
                  treated: result.treated_segment, control: result.control_segment,
                  from: format.day(result.start), until: format.day(result.until),
                  ran: ranAt ? format.ago(ranAt) : "",
                })} />
    </SimpleGrid>
  );
}

function Computation({ result }: ToldProps) {
  const format = useFormat();
  const exact = { render: (value: unknown) => format.number(Number(value ?? 0), 4) };

  return (
    <Panel title={t("uplift.computed")}
           sentence={t("uplift.computedHint", {
             arms: format.day(result.arms_on), members: format.integer(result.members),
             several: format.integer(result.several), never: format.integer(result.never_bought),
             start: format.day(result.start), measured: format.integer(result.measured_on),
           })}>
      <DataTable table={result.methods} name={t("uplift.methods")}
                 columns={{ qini: exact, low: exact, high: exact, auuc: exact }} />
    </Panel>
  );
}
