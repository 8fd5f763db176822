// SPDX-License-Identifier: Apache-2.0
// Who may sign in, and as what.
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconUserPlus } from "@tabler/icons-react";
import { useTable } from "@/api/queries";
import { Answer, DataTable, LoadingTable, Page, PageHeader, Panel, StateBadge } from "@/components";
import { t } from "@/i18n";
import { AccountActions } from "./AccountActions";
import { AddAccount } from "./AddAccount";
import { roleName } from "./role";

const ORDER =
  ["name", "role", "state", "display_name", "has_second_factor", "created_at", "signed_in_at"];

export default function AccountsPage() {
  const accounts = useTable("/api/v1/accounts");
  const [isAdding, adding] = useDisclosure();

  return (
    <Page>
      <PageHeader title={t("shell.accounts")} sentence={t("access.accountsSentence")}>
        <Button leftSection={<IconUserPlus size={18} />} onClick={adding.open}>
          {t("access.addAccount")}
        </Button>
      </PageHeader>
      <Panel>
        <Answer of={accounts} loading={<LoadingTable rows={4} />}>
          {(table) => (
            <DataTable table={table} name={t("shell.accounts")} hasDownload={false}
                       order={ORDER} columns={{
                         role: { render: (value) => roleName(String(value)) },
                         state: { render: (value) => <AccountState state={String(value)} /> },
                       }}
                       actions={(row) => <AccountActions account={{
                         id: row.text("id"), name: row.text("name"), role: row.text("role"),
                         state: row.text("state"), display_name: row.text("display_name"),
                         hasFactor: row.value("has_second_factor") === true,
                       }} />} />
          )}
        </Answer>
      </Panel>
      <AddAccount isOpen={isAdding} onClose={adding.close} />
    </Page>
  );
}

const STATES = {
  active: "access.active", invited: "access.invited", disabled: "access.disabled",
} as const;

function AccountState({ state }: { state: string }) {
  const word = STATES[state as keyof typeof STATES];
  return <StateBadge state={state}>{word ? t(word) : state}</StateBadge>;
}
