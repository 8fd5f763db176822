// SPDX-License-Identifier: Apache-2.0
// Webhooks in: their addresses, what came of them, and what is done with them.
import { Anchor, Button, Code, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useAction, useTable } from "@/api/queries";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, StateBadge, type RowView,
} from "@/components";
import { t, type Key } from "@/i18n";
import { AddHook } from "./AddHook";
import { HOOKS, SOURCES } from "./hook";
import { Remap } from "./Remap";
import { Rotate } from "./Rotate";

export default function HooksPage() {
  const hooks = useTable(HOOKS);
  const [isAdding, adding] = useDisclosure();
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={adding.open}>{t("hooks.add")}</Button>
  );

  return (
    <Page width="wide">
      <PageHeader title={t("hooks.title")} sentence={t("hooks.sentence")}>{add}</PageHeader>
      <Panel>
        <Answer of={hooks} loading={<LoadingTable rows={3} />}>
          {(table) => table.rows.length === 0
            ? <EmptyState icon={IconWebhook} title={t("hooks.none")}
                          sentence={t("hooks.noneHint")}>{add}</EmptyState>
            : <DataTable table={table} name={t("hooks.title")} hasDownload={false}
                         columns={{
                           id: { isHidden: true },
                           created_at: { isHidden: true },
                           address: { render: (value) => <Code>{String(value)}</Code> },
                           scheme: { render: (value) => t(`hooks.${value}` as Key) },
                           state: { render: (value) => (
                             <StateBadge state={String(value)}>
                               {t(`hooks.${value}` as Key)}
                             </StateBadge>
                           ) },
                           quarantined: { render: (value, row) => Number(value) > 0
                             ? (
                               <Anchor component={Link} size="sm"
                                       to={`/plug/imports/${row.text("id")}`}>
                                 {String(value)}
                               </Anchor>
                             )
                             : String(value) },
                         }}
                         actions={(row) => <Actions row={row} />} />}
        </Answer>
      </Panel>
      <AddHook isOpen={isAdding} onClose={adding.close} />
    </Page>
  );
}

function Actions({ row }: { row: RowView }) {
  const isOff = row.text("state") === "off";
  const change = useAction<undefined>(
    () => ({ method: "PATCH", path: `${SOURCES}/${row.text("id")}`, body: { is_enabled: isOff } }),
    { stale: [HOOKS, SOURCES] },
  );

  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      <Remap id={row.text("id")} name={row.text("name")} />
      <Rotate id={row.text("id")} name={row.text("name")} />
      <Button variant="subtle" size="compact-sm" loading={change.isPending}
              onClick={() => change.mutate(undefined)}>
        {t(isOff ? "hooks.switchOn" : "hooks.switchOff")}
      </Button>
    </Group>
  );
}
