// SPDX-License-Identifier: Apache-2.0
// How far the messages are that ask to confirm a consent, and what they wait for.
import { IconMailQuestion } from "@tabler/icons-react";
import { useTable } from "@/api/queries";
import { Answer, DataTable, EmptyState, LoadingTable, Panel } from "@/components";
import { t } from "@/i18n";
import { channelWord, confirmationWord, CONFIRMATIONS_PATH } from "./consent";

const ORDER = ["channel", "state", "messages", "oldest", "detail"];

export function Confirmations() {
  const counts = useTable(CONFIRMATIONS_PATH);

  return (
    <Panel title={t("consent.confirmations")} sentence={t("consent.confirmationsHint")}>
      <Answer of={counts} loading={<LoadingTable rows={3} />}>
        {(table) => table.rows.length === 0
          ? <EmptyState icon={IconMailQuestion} title={t("consent.confirmationsNone")}
                        sentence={t("consent.confirmationsNoneHint")} />
          : (
            <DataTable table={table} name={t("consent.confirmations")} order={ORDER} columns={{
              channel: { render: (value) => channelWord(String(value)) },
              state: { render: (value) => confirmationWord(String(value)) },
            }} />
          )}
      </Answer>
    </Panel>
  );
}
