// SPDX-License-Identifier: Apache-2.0
// Third step: a dry run that tells what would happen, then the import itself.
import { Button, Group, Stack, Text } from "@mantine/core";
import { useAction } from "@/api/queries";
import { JOBS_PATH } from "@/api/job";
import type { Table } from "@/api/client";
import { DataTable, FailureNote, JobProgress, Panel, useJob } from "@/components";
import { t } from "@/i18n";
import { IMPORTS_PATH, tallyOf } from "./import";
import type { Draft } from "./ImportNewPage";
import type { Mapping } from "./mapping";
import { CountsTable, TallyTiles } from "./Outcome";
import { reasonColumns } from "./reasons";

export interface TryStepProps {
  draft: Draft;
  mapping: Mapping | null;
  dryRun: string | null; // its job
  onTry: (job: string) => void;
  onStart: (job: string) => void;
  onBack: () => void;
}

export function TryStep({ draft, mapping, dryRun, onTry, onStart, onBack }: TryStepProps) {
  const { upload, kind } = draft;
  const begin = (isDry: boolean) => ({
    method: "POST", path: IMPORTS_PATH,
    body: { upload, kind, dry_run: isDry, ...(mapping ? { mapping } : {}) },
  } as const);
  const tryIt = useAction<void, { job_id: string }>(() => begin(true),
    { stale: [JOBS_PATH], onDone: (answer) => onTry(answer.job_id) });
  const start = useAction<void, { job_id: string }>(() => begin(false),
    { stale: [JOBS_PATH, IMPORTS_PATH], onDone: (answer) => onStart(answer.job_id) });

  return (
    <Stack gap="lg">
      <Panel title={t("imports.tryTitle")} sentence={t("imports.trySentence")}>
        <Stack>
          {dryRun && <DryRun job={dryRun} />}
          <Button variant="default" loading={tryIt.isPending} style={{ alignSelf: "flex-start" }}
                  onClick={() => tryIt.mutate(undefined)}>
            {t(dryRun ? "imports.tryAgain" : "imports.tryDo")}
          </Button>
          <FailureNote error={tryIt.error} />
        </Stack>
      </Panel>
      <FailureNote error={start.error} />
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>{t("imports.back")}</Button>
        <Group gap="sm">
          <Text size="sm" c="dimmed">{t("imports.startSentence")}</Text>
          <Button loading={start.isPending} onClick={() => start.mutate(undefined)}>
            {t("imports.start")}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}

function DryRun({ job }: { job: string }) {
  const { data } = useJob(job);
  const refused = data?.result?.refused as Table | undefined;

  return (
    <Stack>
      <JobProgress id={job} hasTitle={false} />
      {data?.state === "done" && data.result && (
        <>
          <Text fw={500}>{t("imports.wouldHappen")}</Text>
          <TallyTiles tally={tallyOf(data.result)} />
          <section aria-label={t("imports.wouldBecome")}>
            <Text fw={500} mb={4}>{t("imports.wouldBecome")}</Text>
            <CountsTable counts={data.result} />
          </section>
          {refused && refused.rows.length > 0 && (
            <section aria-label={t("imports.quarantine")}>
              <Text fw={500} mb={4}>{t("imports.quarantine")}</Text>
              <DataTable table={refused} name={t("imports.quarantine")} {...reasonColumns} />
            </section>
          )}
        </>
      )}
    </Stack>
  );
}
