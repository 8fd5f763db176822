// SPDX-License-Identifier: Apache-2.0
// Where the reader is signed in; each session can be ended from here.
import { Badge, Button } from "@mantine/core";
import { useAction, useTable } from "@/api/queries";
import { Answer, DataTable, FailureNote, LoadingTable, Panel } from "@/components";
import { t } from "@/i18n";
import { agentName } from "./agent";

const SESSIONS = "/api/v1/account/sessions";

export function Sessions() {
  const sessions = useTable(SESSIONS);
  const end = useAction<string>((id) => ({ method: "DELETE", path: `${SESSIONS}/${id}` }),
                                { stale: [SESSIONS] });

  return (
    <Panel title={t("access.sessions")} sentence={t("access.sessionsSentence")}>
      <FailureNote error={end.error} />
      <Answer of={sessions} loading={<LoadingTable rows={2} />}>
        {(table) => (
          <DataTable table={table} name={t("access.sessions")} hasDownload={false}
                     columns={{
                       id: { isHidden: true },
                       is_current: { isHidden: true },
                       agent: { render: (value) => agentName(String(value ?? "")) },
                     }}
                     actions={(row) => row.value("is_current") === true
                       ? <Badge variant="light">{t("access.thisSession")}</Badge>
                       : <Button size="compact-sm" variant="default" loading={end.isPending}
                                 onClick={() => end.mutate(row.text("id"))}>
                           {t("access.endSession")}
                         </Button>} />
        )}
      </Answer>
    </Panel>
  );
}
