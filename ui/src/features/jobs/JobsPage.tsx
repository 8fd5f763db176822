// SPDX-License-Identifier: Apache-2.0
// All long work, newest first; what is under way on top, as it goes.
import { IconClipboardList } from "@tabler/icons-react";
import { Divider, Stack } from "@mantine/core";
import { Fragment } from "react";
import { JOBS_PATH } from "@/api/job";
import { useRunningJobs } from "@/api/live";
import { useTablePages } from "@/api/pages";
import {
  Answer, DataTable, EmptyState, JobProgress, LoadingTable, MoreButton, Page, PageHeader, Panel,
} from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { JobBadge } from "./JobBadge";

export default function JobsPage() {
  const jobs = useTablePages(JOBS_PATH);
  const format = useFormat();

  return (
    <Page>
      <PageHeader title={t("jobs.title")} sentence={t("jobs.sentence")} />
      <RunningPanel />
      <Panel>
        <Answer of={jobs} loading={<LoadingTable />}>
          {(table) => table.rows.length === 0
            ? <EmptyState icon={IconClipboardList} title={t("jobs.none")}
                          sentence={t("jobs.noneHint")} />
            : <DataTable table={table} name={t("jobs.title")}
                         href={(row) => `/plug/jobs/${row.text("id")}`}
                         order={["title", "state", "stage", "share", "created_at", "finished_at"]}
                         columns={{
                           title: { label: t("jobs.work") },
                           share: {
                             render: (value, row) =>
                               format.share(row.text("state") === "done" ? 1 : Number(value)),
                           },
                           state: { render: (value) => <JobBadge state={String(value)} /> },
                         }} />}
        </Answer>
        <MoreButton of={jobs} />
      </Panel>
    </Page>
  );
}

export function RunningPanel() {
  const running = useRunningJobs();

  if (running.length === 0) return null;
  return (
    <Panel title={t("shell.running", { count: running.length })}>
      <Stack gap="sm">
        {running.map(({ id }, place) => (
          <Fragment key={id}>
            {place > 0 && <Divider />}
            <JobProgress id={id} isLink />
          </Fragment>
        ))}
      </Stack>
    </Panel>
  );
}
