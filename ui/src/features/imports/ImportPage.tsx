// SPDX-License-Identifier: Apache-2.0
// One import: how far it is, what it brought, what waits in quarantine, taking it back.
import { Anchor, Grid, Stack } from "@mantine/core";
import { Link, useParams } from "react-router-dom";
import { isUnderWay } from "@/api/job";
import { POLL_MS } from "@/api/live";
import { useApi } from "@/api/queries";
import { numberOf, recordsOf, textOf } from "@/api/records";
import {
  Answer, JobProgress, LoadingLines, LoadingTiles, Page, PageHeader, Panel, StateBadge, useJob,
} from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import {
  IMPORTS_PATH, importPath, kindWords, stateWords, tallyOf, type Import,
} from "./import";
import { MappingShown } from "./MappingShown";
import { CountsTable, TallyTiles } from "./Outcome";
import { Quarantine } from "./Quarantine";
import { UndoImport } from "./UndoImport";

function isMoving(found: Import | undefined): boolean {
  return found !== undefined &&
    ["running", "undoing"].includes(textOf(recordsOf(found.import)[0]!, "state"));
}

export default function ImportPage() {
  const { id = "" } = useParams();
  const data = useApi<Import>(importPath(id));

  // The news of its end may be lost with the stream.
  useApi<Import>(importPath(id), {}, { refetchInterval: isMoving(data.data) ? POLL_MS : false });
  return (
    <Page width="wide">
      <Answer of={data} loading={<><LoadingTiles /><LoadingLines count={8} /></>}>
        {(found) => <Content id={id} found={found} />}
      </Answer>
    </Page>
  );
}

function Content({ id, found }: { id: string; found: Import }) {
  const format = useFormat();
  const row = recordsOf(found.import)[0]!;
  const state = textOf(row, "state");
  const facts = [
    kindWords(textOf(row, "kind")), found.source, format.instant(textOf(row, "created_at")),
    found.finished_at && t("imports.finishedAt", { when: format.instant(found.finished_at) }),
    found.undone_at && t("imports.undoneAt", { when: format.instant(found.undone_at) }),
  ].filter(Boolean).join(" · ");

  return (
    <Stack gap="lg">
      <PageHeader title={textOf(row, "file")} sentence={facts}
                  above={<Anchor component={Link} to="/plug/imports" size="sm">
                    {t("imports.all")}
                  </Anchor>}>
        <StateBadge state={state}>{stateWords(state)}</StateBadge>
        {state === "done" && <UndoImport id={id} found={found} />}
      </PageHeader>
      {state === "running" && <Progress job={found.job_id} />}
      <TallyTiles tally={tallyOf(row)} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 8 }}>
          <Quarantine path={`${importPath(id)}/quarantine`} stale={[IMPORTS_PATH]} words="imports"
                      reasons={recordsOf(found.refused)} total={tallyOf(row).quarantined}
                      nameOf={(each) => t("imports.line", { line: numberOf(each, "line") })} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 4 }}>
          <Stack gap="lg">
            <Panel title={t("imports.became")}><CountsTable counts={found.counts} /></Panel>
            <MappingShown mapping={found.mapping} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Progress({ job }: { job: string }) {
  const { data } = useJob(job);

  return (
    <Panel {...(data && isUnderWay(data.state) ? { title: t("imports.runningTitle") } : {})}>
      <JobProgress id={job} hasTitle={false} />
    </Panel>
  );
}
