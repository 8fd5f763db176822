// SPDX-License-Identifier: Apache-2.0
// Keys of programs that call the API.
import { Anchor, Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useAction, useTable } from "@/api/queries";
import {
  Answer, ConfirmDestructive, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel,
} from "@/components";
import { t } from "@/i18n";
import { AddKey } from "./AddKey";

const KEYS = "/api/v1/keys";

export default function KeysPage() {
  const keys = useTable(KEYS);
  const [isAdding, adding] = useDisclosure();
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={adding.open}>{t("access.addKey")}</Button>
  );

  return (
    <Page>
      <PageHeader title={t("shell.keys")}
                  sentence={<>{t("access.keysSentence")}{" "}
                    <Anchor href="/api" underline="always">{t("shell.apiReference")}</Anchor></>}>
        {add}
      </PageHeader>
      <Panel>
        <Answer of={keys} loading={<LoadingTable rows={3} />}>
          {(table) => table.rows.length === 0
            ? <EmptyState icon={IconKey} title={t("access.noKeys")}
                          sentence={t("access.noKeysHint")}>{add}</EmptyState>
            : <DataTable table={table} name={t("shell.keys")} hasDownload={false}
                         columns={{ id: { isHidden: true } }}
                         actions={(row) => (
                           <Revoke id={row.text("id")} name={row.text("name")} />
                         )} />}
        </Answer>
      </Panel>
      <AddKey isOpen={isAdding} onClose={adding.close} />
    </Page>
  );
}

function Revoke({ id, name }: { id: string; name: string }) {
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useAction<undefined>(
    () => ({ method: "DELETE", path: `${KEYS}/${id}` }),
    { stale: [KEYS], onDone: () => setIsAsking(false) },
  );

  return (
    <>
      <Button variant="subtle" color="red" size="compact-sm" onClick={() => setIsAsking(true)}>
        {t("access.revoke")}
      </Button>
      <ConfirmDestructive isOpen={isAsking} onClose={() => setIsAsking(false)}
                          title={t("access.revokeTitle", { name })} deed={t("access.revoke")}
                          isBusy={revoke.isPending} error={revoke.error}
                          onConfirm={() => revoke.mutate(undefined)}>
        <Text>{t("access.revokeMeans")}</Text>
      </ConfirmDestructive>
    </>
  );
}
