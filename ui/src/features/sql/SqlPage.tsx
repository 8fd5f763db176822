// SPDX-License-Identifier: Apache-2.0
// SQL for the data scientist: a query, its answer, what there is to ask, what was kept.
import { Button, Grid, Group, Menu, NativeSelect, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconDeviceFloppy, IconDownload, IconPlayerPlay, IconPlayerStop, IconTerminal2,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { fetchFile } from "@/api/client";
import { useTable } from "@/api/queries";
import {
  DataTable, EmptyState, FailureNote, LoadingTable, notify, Page, PageHeader, Panel, saveFile,
  useAddressState,
} from "@/components";
import type { CodeEditorHandle } from "@/components/useCodeEditor";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { Editor } from "./Editor";
import { Save, SavedQueries } from "./SavedQueries";
import { ask, COLUMNS_PATH, namesOf, SQL_PATH, tablesOf, type SavedQuery, type SqlAnswer }
  from "./sql";
import { Tables } from "./Tables";

const FIRST = "SELECT date_trunc('month', sold_on) AS month, sum(gross_micros) / 1e6 AS revenue\n"
  + "FROM sale GROUP BY month ORDER BY month DESC";
const LIMITS = ["100", "1000", "10000", "100000"];
const SHARED_CHARACTERS = 4000; // of a query that still goes into the address

export default function SqlPage() {
  const [shared, setShared] = useAddressState("query", FIRST);
  const [limit, setLimit] = useAddressState("limit", "1000");
  const [query, setQuery] = useState<SavedQuery>({ name: "", description: "", query: shared });
  const editor = useRef<CodeEditorHandle>(null);
  const columns = useTable(COLUMNS_PATH);
  const tables = useMemo(() => columns.data ? tablesOf(columns.data) : [], [columns.data]);
  const names = useMemo(() => namesOf(tables), [tables]);
  const question = useQuestion();

  function run() {
    if (query.query.length <= SHARED_CHARACTERS) setShared(query.query);
    question.run(query.query, Number(limit));
  }

  return (
    <Page width="wide">
      <PageHeader title={t("shell.sql")} sentence={t("sql.purpose")} />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 9 }}>
          <Stack gap="lg">
            <Panel>
              <Stack gap="sm">
                <Editor ref={editor} value={query.query} names={names} label={t("sql.editor")}
                        onRun={run}
                        onChange={(text) => setQuery((former) => ({ ...former, query: text }))} />
                <Group gap="sm" align="flex-end">
                  {question.isAsking
                    ? <Button leftSection={<IconPlayerStop size={16} />} color="red"
                              variant="light" onClick={question.stop}>{t("sql.stop")}</Button>
                    : <Button leftSection={<IconPlayerPlay size={16} />} onClick={run}
                              title={t("sql.runKeys")}>{t("sql.run")}</Button>}
                  <SaveButton query={query} onSaved={setQuery} />
                  <FileMenu query={query.query} />
                  <NativeSelect label={t("sql.limit")} value={limit} data={LIMITS} size="xs"
                                onChange={(event) => setLimit(event.currentTarget.value)} />
                </Group>
              </Stack>
            </Panel>
            <Told of={question} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 3 }}>
          <Stack gap="lg">
            <SavedQueries onChoose={setQuery} />
            <Tables tables={tables} onChoose={(name) => editor.current?.insert(name)} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  );
}

interface Question {
  answer: SqlAnswer | undefined;
  error: unknown;
  isAsking: boolean;
  wasStopped: boolean;
  run: (query: string, limit: number) => void;
  stop: () => void;
}

// One at a time; to stop is to hang up, on which the server stops too.
function useQuestion(): Question {
  const line = useRef<AbortController>(null);
  const [wasStopped, setStopped] = useState(false);
  const mutation = useMutation<SqlAnswer, Error, { query: string; limit: number }>({
    mutationFn: ({ query, limit }) => {
      line.current = new AbortController();
      return ask(query, limit, line.current.signal);
    },
  });

  return {
    answer: mutation.data,
    error: wasStopped ? null : mutation.error,
    isAsking: mutation.isPending,
    wasStopped,
    run: (query, limit) => {
      setStopped(false);
      mutation.mutate({ query, limit });
    },
    stop: () => {
      setStopped(true);
      line.current?.abort();
    },
  };
}

function Told({ of: { answer, error, isAsking, wasStopped } }: { of: Question }) {
  const format = useFormat();

  if (isAsking) return <Panel title={t("sql.result")}><LoadingTable /></Panel>;
  if (error) return <FailureNote error={error} />;
  if (wasStopped) return <Text c="dimmed">{t("sql.stopped")}</Text>;
  if (!answer)
    return <EmptyState icon={IconTerminal2} title={t("sql.nothing")}
                       sentence={t("sql.nothingHint")} />;
  return (
    <Panel title={t("sql.result")}
           aside={<Text size="sm" c="dimmed">
             {t("sql.took", { seconds: format.number(answer.milliseconds / 1000, 2) })}
           </Text>}>
      {answer.result.rows.length === 0
        ? <Text c="dimmed">{t("sql.noRows")}</Text>
        : <DataTable table={answer.result} name={t("sql.result")} maxHeight={560}
                     aside={answer.truncated && ` · ${t("sql.truncated")}`} />}
    </Panel>
  );
}

interface SaveButtonProps {
  query: SavedQuery;
  onSaved: (query: SavedQuery) => void;
}

function SaveButton({ query, onSaved }: SaveButtonProps) {
  const [isOpen, { open, close }] = useDisclosure();

  return (
    <>
      <Button variant="default" leftSection={<IconDeviceFloppy size={16} />} onClick={open}
              disabled={query.query.trim() === ""}>{t("sql.save")}</Button>
      <Save query={query} isOpen={isOpen} onClose={close} onSaved={onSaved} />
    </>
  );
}

// All rows, whatever is shown: the server writes the file.
function FileMenu({ query }: { query: string }) {
  const file = useMutation<{ name: string; blob: Blob }, Error, string>({
    mutationFn: (format) => fetchFile(`${SQL_PATH}/file`, { query, format }),
    onSuccess: ({ name, blob }) => {
      saveFile(name, blob);
      notify(t("sql.fileMade"));
    },
  });

  return (
    <>
      <Menu position="bottom-start">
        <Menu.Target>
          <Button variant="default" leftSection={<IconDownload size={16} />}
                  loading={file.isPending}>{t("sql.file")}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => file.mutate("csv")}>{t("sql.csv")}</Menu.Item>
          <Menu.Item onClick={() => file.mutate("jsonl")}>{t("sql.jsonl")}</Menu.Item>
          <Menu.Item onClick={() => file.mutate("parquet")}>{t("sql.parquet")}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <FailureNote error={file.error} />
    </>
  );
}
