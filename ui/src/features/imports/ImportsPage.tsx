// SPDX-License-Identifier: Apache-2.0
// All imports, newest first; those under way on top, as they go.
import { Button, Stack } from "@mantine/core";
import { IconFileImport, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useRunningJobs } from "@/api/live";
import { useTablePages } from "@/api/pages";
import {
  Answer, DataTable, EmptyState, JobProgress, LoadingTable, MoreButton, Page, PageHeader, Panel,
  StateBadge,
} from "@/components";
import { t } from "@/i18n";
import { IMPORTS_PATH, kindWords, stateWords } from "./import";

export default function ImportsPage() {
  const imports = useTablePages(IMPORTS_PATH);

  return (
    <Page>
      <PageHeader title={t("imports.title")} sentence={t("imports.sentence")}>
        <BeginButton />
      </PageHeader>
      <Running />
      <Panel>
        <Answer of={imports} loading={<LoadingTable />}>
          {(table) => table.rows.length === 0
            ? (
              <EmptyState icon={IconFileImport} title={t("imports.none")}
                          sentence={t("imports.noneHint")}>
                <BeginButton />
              </EmptyState>
            )
            : <DataTable table={table} name={t("imports.title")}
                         href={(row) => `/plug/imports/${row.text("id")}`}
                         order={["file", "kind", "state", "read", "accepted", "duplicate",
                                 "quarantined", "created_at"]}
                         columns={{
                           kind: { render: (value) => kindWords(String(value)) },
                           state: {
                             render: (value) => (
                               <StateBadge state={String(value)}>
                                 {stateWords(String(value))}
                               </StateBadge>
                             ),
                           },
                         }} />}
        </Answer>
        <MoreButton of={imports} />
      </Panel>
    </Page>
  );
}

function BeginButton() {
  return (
    <Button component={Link} to="/plug/imports/new" leftSection={<IconPlus size={16} />}>
      {t("imports.begin")}
    </Button>
  );
}

function Running() {
  const running = useRunningJobs().filter(({ kind }) => kind.startsWith("import"));

  if (running.length === 0) return null;
  return (
    <Panel title={t("imports.running")}>
      <Stack>{running.map(({ id }) => <JobProgress key={id} id={id} isLink />)}</Stack>
    </Panel>
  );
}
