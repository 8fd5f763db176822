// SPDX-License-Identifier: Apache-2.0
// All dashboards, and a new one.
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLayoutDashboard, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { useAction, useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, FailureNote, LoadingTable, Page, PageHeader, Panel,
} from "@/components";
import { t } from "@/i18n";
import { addressOf, beginning, DASHBOARDS_PATH, pathOf } from "./dashboard";

export default function DashboardsPage() {
  const dashboards = useTable(DASHBOARDS_PATH, { limit: 1000 });
  const [isCreating, creating] = useDisclosure();
  const create = useMay()("change_segments") && (
    <Button leftSection={<IconPlus size={16} />} onClick={creating.open}>
      {t("dashboards.create")}
    </Button>
  );

  return (
    <Page>
      <PageHeader title={t("shell.dashboards")} sentence={t("dashboards.purpose")}>
        {create}
      </PageHeader>
      <Answer of={dashboards} loading={<LoadingTable />}>
        {(table) => table.rows.length === 0
          ? (
            <EmptyState icon={IconLayoutDashboard} title={t("dashboards.none")}
                        sentence={t("dashboards.noneHint")}>{create}</EmptyState>
          )
          : (
            <Panel>
              <DataTable table={table} name={t("shell.dashboards")} hasDownload={false}
                         href={(row) => addressOf(row.text("name"))} />
            </Panel>
          )}
      </Answer>
      <Modal opened={isCreating} onClose={creating.close} title={t("dashboards.create")}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <Create onClose={creating.close} />
      </Modal>
    </Page>
  );
}

function Create({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const navigate = useNavigate();
  const create = useAction(
    () => ({ method: "PUT", path: pathOf(name.trim()),
             body: { description, definition: beginning } }),
    { stale: [DASHBOARDS_PATH], onDone: () => void navigate(`${addressOf(name.trim())}?edit=1`) });

  return (
    <form onSubmit={(event) => { event.preventDefault(); create.mutate(undefined); }}>
      <Stack>
        <TextInput label={t("dashboards.name")} value={name} required data-autofocus
                   onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t("dashboards.description")} value={description}
                   onChange={(event) => setDescription(event.currentTarget.value)} />
        <FailureNote error={create.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
            {t("dashboards.start")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
