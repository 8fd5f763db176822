// SPDX-License-Identifier: Apache-2.0
// First step: a file, dropped, chosen, or sent earlier; and what its rows are.
import {
  Button, Group, Paper, Progress, Radio, SimpleGrid, Stack, Text, ThemeIcon,
} from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconFileCheck, IconUpload } from "@tabler/icons-react";
import { useRef, useState, type DragEvent } from "react";
import { upload as send } from "@/api/client";
import { markStale, useTable } from "@/api/queries";
import { recordsOf } from "@/api/records";
import { DataTable, FailureNote, Panel } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { Draft } from "./ImportNewPage";
import { KINDS, type Kind } from "./mapping";
import classes from "./FileStep.module.css";

const UPLOADS_PATH = "/api/v1/uploads";

interface Upload {
  upload: string;
  name: string;
  bytes: number;
}

export interface FileStepProps {
  draft: Draft;
  onChange: (changes: Partial<Draft>) => void;
  onNext: () => void;
}

export function FileStep({ draft, onChange, onNext }: FileStepProps) {
  const choose = (upload: string, name: string) =>
    onChange({ upload, name, kind: kindOf(name) ?? draft.kind });

  return (
    <Stack gap="lg">
      {draft.upload
        ? <Chosen name={draft.name} onOther={() => onChange({ upload: "", name: "" })} />
        : (
          <>
            <Drop onSent={({ upload, name }) => choose(upload, name)} />
            <Earlier onChoose={choose} />
          </>
        )}
      {draft.upload && <KindChoice value={draft.kind} onChange={(kind) => onChange({ kind })} />}
      {draft.upload && (
        <Group justify="flex-end">
          <Button onClick={onNext}>{t("imports.lookColumns")}</Button>
        </Group>
      )}
    </Stack>
  );
}

// "customers_2026.csv" holds customers; a person may say otherwise.
function kindOf(name: string): Kind | undefined {
  const words = name.toLowerCase();
  const other = /receipt|invoice|order|transaction|retail|sale/.test(words) ? "sales" : undefined;
  return KINDS.find((kind) => words.includes(kind)) ?? other;
}

function Chosen({ name, onOther }: { name: string; onOther: () => void }) {
  return (
    <Paper p="md">
      <Group justify="space-between" gap="sm">
        <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
          <ThemeIcon variant="light" size="lg" aria-hidden><IconFileCheck size={20} /></ThemeIcon>
          <Text fw={500} style={{ overflowWrap: "anywhere" }}>{name}</Text>
        </Group>
        <Button variant="default" size="compact-sm" onClick={onOther}>{t("imports.other")}</Button>
      </Group>
    </Paper>
  );
}

function Drop({ onSent }: { onSent: (upload: Upload) => void }) {
  const client = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController>(null);
  const [isOver, setIsOver] = useState(false);
  const [sending, setSending] = useState<{ name: string; share: number }>();
  const [error, setError] = useState<unknown>();

  async function take(file: File | undefined) {
    if (!file || sending) return;
    stop.current = new AbortController();
    setError(undefined);
    setSending({ name: file.name, share: 0 });
    try {
      const answer = await send<Upload>(UPLOADS_PATH, { name: file.name }, file,
        (share) => setSending({ name: file.name, share }), stop.current.signal);
      await markStale(client, [UPLOADS_PATH]);
      onSent(answer);
    } catch (failure) {
      if (!(failure instanceof DOMException)) setError(failure);
    } finally {
      setSending(undefined);
    }
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    void take(event.dataTransfer.files[0]);
  }

  return (
    <Stack gap="sm">
      <div className={classes.drop} data-over={isOver} onDrop={drop}
           onDragOver={(event) => { event.preventDefault(); setIsOver(true); }}
           onDragLeave={() => setIsOver(false)}>
        {sending ? (
          <Stack w="100%" maw={420} gap="xs">
            <Text fw={500}>{t("imports.sending", { name: sending.name })}</Text>
            <Progress value={sending.share * 100} size="lg" aria-label={sending.name} />
            <Button variant="default" size="compact-sm" style={{ alignSelf: "center" }}
                    onClick={() => stop.current?.abort()}>
              {t("common.cancel")}
            </Button>
          </Stack>
        ) : (
          <>
            <IconUpload size={36} stroke={1.3} aria-hidden />
            <Text fw={500}>{t("imports.drop")}</Text>
            <Text size="sm" c="dimmed">{t("imports.dropHint")}</Text>
            <Button onClick={() => field.current?.click()}>{t("imports.choose")}</Button>
            <input ref={field} type="file" hidden aria-label={t("imports.choose")}
                   onChange={(event) => void take(event.target.files?.[0])} />
          </>
        )}
      </div>
      <FailureNote error={error} />
    </Stack>
  );
}

function Earlier({ onChoose }: { onChoose: (upload: string, name: string) => void }) {
  const uploads = useTable(UPLOADS_PATH, { limit: 20 });
  const format = useFormat();

  if (!uploads.data || recordsOf(uploads.data).length === 0) return null;
  return (
    <Panel title={t("imports.earlier")} sentence={t("imports.earlierSentence")}>
      <DataTable table={uploads.data} name={t("imports.earlier")} hasDownload={false}
                 order={["name", "bytes", "created_at", "actor"]}
                 columns={{ bytes: { render: (value) => format.bytes(Number(value)) } }}
                 actions={(row) => (
                   <Button size="compact-sm" variant="default"
                           onClick={() => onChoose(row.text("upload"), row.text("name"))}>
                     {t("imports.use")}
                   </Button>
                 )} />
    </Panel>
  );
}

function KindChoice({ value, onChange }: { value: Kind; onChange: (kind: Kind) => void }) {
  return (
    <Radio.Group label={t("imports.kind")} value={value}
                 onChange={(kind) => onChange(kind as Kind)}>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm" mt="xs">
        {KINDS.map((kind) => (
          <Radio.Card key={kind} value={kind} p="sm">
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator />
              <div>
                <Text size="sm" fw={500}>{t(`imports.${kind}`)}</Text>
                <Text size="xs" c="dimmed">{t(`imports.${kind}Hint`)}</Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
