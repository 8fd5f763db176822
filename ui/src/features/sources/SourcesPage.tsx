// SPDX-License-Identifier: Apache-2.0
// Whoever sends events as they happen: what they are, whether they do, how much came.
import { Badge, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconRss } from "@tabler/icons-react";
import type { Cell } from "@/api/client";
import { useTable } from "@/api/queries";
import { Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel }
  from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { AddSource } from "./AddSource";
import { SOURCES_PATH, stateName, typeName } from "./source";

const REFRESH_MS = 5000;

export default function SourcesPage() {
  const sources = useTable(SOURCES_PATH, {}, { refetchInterval: REFRESH_MS });
  const [isAdding, adding] = useDisclosure();
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={adding.open}>{t("sources.add")}</Button>
  );

  return (
    <Page>
      <PageHeader title={t("shell.sources")} sentence={t("sources.sentence")}>{add}</PageHeader>
      <Panel>
        <Answer of={sources} loading={<LoadingTable rows={3} />}>
          {(table) => table.rows.length === 0
            ? <EmptyState icon={IconRss} title={t("sources.none")}
                          sentence={t("sources.noneHint")}>{add}</EmptyState>
            : <DataTable table={table} name={t("shell.sources")} hasDownload={false}
                         href={(row) => `/plug/sources/${row.text("id")}`}
                         columns={{
                           id: { isHidden: true },
                           type: { render: (type) => typeName(String(type)) },
                           silence_s: { render: (seconds) => <SilentAfter seconds={seconds} /> },
                           state: { render: (state) => <State state={String(state)} /> },
                         }} />}
        </Answer>
      </Panel>
      <AddSource isOpen={isAdding} onClose={adding.close} />
    </Page>
  );
}

function SilentAfter({ seconds }: { seconds: Cell }) {
  const format = useFormat();

  return <>{seconds === null ? t("sources.alarmNever") : format.duration(Number(seconds))}</>;
}

function State({ state }: { state: string }) {
  const colour = state === "silent" ? "red" : state === "on" ? "tile" : "gray";

  return (
    <Badge color={colour} variant={state === "silent" ? "light" : "default"} tt="none" fw={500}>
      {stateName(state)}
    </Badge>
  );
}
