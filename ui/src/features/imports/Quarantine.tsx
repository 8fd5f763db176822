// SPDX-License-Identifier: Apache-2.0
// What could not be taken, of an import or a source: why, as it came, mended in place, tried again
// or given up.
import { Badge, Button, Code, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTablePages } from "@/api/pages";
import { markStale, useAction } from "@/api/queries";
import { numberOf, recordsOf, textOf, type Record } from "@/api/records";
import {
  Answer, ConfirmDestructive, FailureNote, JobProgress, MoreButton, Panel, notify, useAddressState,
  useJob,
} from "@/components";
import { sentence } from "@/components/failure";
import { t, type Key } from "@/i18n";
import type { Tally } from "./import";
import classes from "./Quarantine.module.css";
import { reasonWords } from "./reasons";

const STATES = ["waiting", "replayed", "discarded"];

export interface QuarantineProps extends Place {
  reasons: Record[]; // of what waits: "reason", "rows"
  total: number;     // in it now
}

// Where it is, and how it speaks.
interface Place {
  path: string;
  stale: string[];              // addresses whose answers change with it
  words: "imports" | "sources"; // whose keys name its parts
  nameOf: (row: Record) => string;
}

export function Quarantine({ reasons, total, ...place }: QuarantineProps) {
  const [state, setState] = useAddressState("state", "waiting");
  const [reason, setReason] = useAddressState("reason");
  const names = [...new Set(reasons.map((each) => textOf(each, "reason")))];
  const waiting = reasons.reduce((sum, each) => sum + numberOf(each, "rows"), 0);
  const rows = useTablePages(place.path, { state: state === "any" ? null : state, reason });
  const { words } = place;

  return (
    <Panel title={t("imports.quarantine")} sentence={t(`${words}.quarantineSentence`)}>
      <Stack>
        <Group justify="space-between" gap="sm">
          <Group gap="sm">
            <Select value={state} onChange={(value) => value && setState(value)} size="sm"
                    aria-label={t(`${words}.stateLabel`)} allowDeselect={false} w={140}
                    data={[...STATES, "any"].map((value) => ({
                      value,
                      label: t(value === "any" ? "imports.anyState" : `imports.${value}` as Key),
                    }))} />
            <Select value={reason} onChange={(value) => setReason(value ?? "")} size="sm"
                    aria-label={t("imports.reasonLabel")} allowDeselect={false} w={180}
                    data={[{ value: "", label: t("imports.allReasons") },
                           ...names.map((value) => ({ value, label: reasonWords(value) }))]} />
          </Group>
          {waiting > 0 && <Deeds place={place} waiting={waiting} />}
        </Group>
        <Answer of={rows}>
          {(table) => table.rows.length === 0
            ? (
              <Text c="dimmed">
                {t(total === 0 && state === "waiting" && reason === ""
                  ? `${words}.quarantineNone` : `${words}.noneInFilter`)}
              </Text>
            )
            : (
              <ol className={classes.list}>
                {recordsOf(table).map((row) => (
                  <Refused key={textOf(row, "row")} place={place} row={row} />
                ))}
              </ol>
            )}
        </Answer>
        <MoreButton of={rows} />
      </Stack>
    </Panel>
  );
}

function Deeds({ place, waiting }: { place: Place; waiting: number }) {
  const { path, stale, words } = place;
  const client = useQueryClient();
  const [isAsking, { open, close }] = useDisclosure();
  const [job, setJob] = useState<string>();
  const tell = (tally: Tally) => notify(t("imports.replayTold", { ...tally }));
  // Of a source it is a job: what waits may be much.
  const replay = useAction<void, Tally | { job_id: string }>(
    () => ({ method: "POST", path: `${path}/replay` }),
    {
      stale,
      onDone: (answer) => {
        if ("job_id" in answer) setJob(answer.job_id);
        else tell(answer);
      },
    },
  );
  const discard = useAction(
    () => ({ method: "DELETE", path }),
    { stale, onDone: close },
  );

  function end(result: Tally | undefined) {
    setJob(undefined);
    if (result) tell(result);
    void markStale(client, stale);
  }

  if (job) return <Trying job={job} onEnd={end} />;
  return (
    <Group gap="xs">
      <Button size="sm" loading={replay.isPending} onClick={() => replay.mutate(undefined)}>
        {t(`${words}.replay`)}
      </Button>
      <Button size="sm" variant="default" onClick={open}>{t(`${words}.discard`)}</Button>
      <FailureNote error={replay.error} />
      <ConfirmDestructive isOpen={isAsking} title={t(`${words}.discardTitle`)}
                          deed={t(`${words}.discardDeed`, { count: waiting })}
                          isBusy={discard.isPending} error={discard.error} onClose={close}
                          onConfirm={() => discard.mutate(undefined)}>
        {t(`${words}.discardSentence`, { count: waiting })}
      </ConfirmDestructive>
    </Group>
  );
}

// Until it has ended well; one that failed or was cancelled stays, with its reason and resuming.
function Trying({ job, onEnd }: { job: string; onEnd: (result: Tally | undefined) => void }) {
  const { data } = useJob(job);
  const isDone = data?.state === "done";

  useEffect(() => {
    if (isDone) onEnd(data?.result as Tally | undefined);
  }, [isDone]); // eslint-disable-line react-hooks/exhaustive-deps
  return <JobProgress id={job} />;
}

function Refused({ place, row }: { place: Place; row: Record }) {
  const [isMending, { open, close }] = useDisclosure();
  const state = textOf(row, "state");
  const discard = useAction(
    () => ({ method: "DELETE", path: `${place.path}/${textOf(row, "row")}` }),
    { stale: place.stale },
  );

  return (
    <li className={classes.row}>
      <Group justify="space-between" gap="xs" align="flex-start">
        <div style={{ minWidth: 0, flex: "1 1 18rem" }}>
          <Text size="sm" fw={500}>
            {place.nameOf(row)}: {sentence(textOf(row, "message"))}
          </Text>
          <Code block mt={4} className={classes.raw}>{textOf(row, "raw")}</Code>
        </div>
        {state === "waiting" ? (
          <Group gap={6}>
            <Button size="compact-sm" variant="default" onClick={open}>{t("imports.mend")}</Button>
            <Button size="compact-sm" variant="subtle" loading={discard.isPending}
                    onClick={() => discard.mutate(undefined)}>
              {t("imports.giveUp")}
            </Button>
          </Group>
        ) : (
          <Badge variant="default" tt="none" fw={500}>{t(`imports.${state}` as Key)}</Badge>
        )}
      </Group>
      <FailureNote error={discard.error} />
      <Modal opened={isMending} onClose={close} size="lg"
             title={`${t("imports.mend")}: ${place.nameOf(row)}`}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <Mending place={place} row={row} onDone={close} />
      </Modal>
    </li>
  );
}

interface MendingProps {
  place: Place;
  row: Record;
  onDone: () => void;
}

function Mending({ place, row, onDone }: MendingProps) {
  const [raw, setRaw] = useState(textOf(row, "raw"));
  const mend = useAction(
    () => ({
      method: "PUT", path: `${place.path}/${textOf(row, "row")}`, body: { raw },
    }),
    {
      stale: place.stale,
      onDone: () => {
        notify(t(`${place.words}.mended`));
        onDone();
      },
    },
  );

  return (
    <Stack>
      <Text size="sm">{sentence(textOf(row, "message"))}</Text>
      <Textarea label={t(`${place.words}.mendLabel`)} value={raw} autosize minRows={2}
                data-autofocus
                styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
                onChange={(event) => setRaw(event.target.value)} />
      <FailureNote error={mend.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>{t("common.cancel")}</Button>
        <Button loading={mend.isPending} disabled={raw === textOf(row, "raw")}
                onClick={() => mend.mutate(undefined)}>
          {t(`${place.words}.mendSave`)}
        </Button>
      </Group>
    </Stack>
  );
}
