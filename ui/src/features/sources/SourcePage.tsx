// SPDX-License-Identifier: Apache-2.0
// One source: its key, its last events as they arrive, how much came, what was kept apart.
import { Anchor, Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconRss } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "react-router-dom";
import { ApiError } from "@/api/failure";
import { useAction, useApi, useTable } from "@/api/queries";
import { recordsOf, textOf, type Record } from "@/api/records";
import {
  Answer, ConfirmDestructive, DataTable, EmptyState, Facts, FailureNote, LoadingTable, Page,
  PageHeader, Panel, ShownOnce,
} from "@/components";
import { Quarantine } from "@/features/imports/Quarantine";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { Alarm } from "./Alarm";
import { alarmWords, SOURCES_PATH, sourcePath, typeName, type Source } from "./source";

const LIVE_MS = 1000;

export default function SourcePage() {
  const { id = "" } = useParams();
  const source = useApi<Source>(sourcePath(id));

  if (source.error instanceof ApiError && source.error.status === 404)
    return <Unknown />;
  return (
    <Answer of={source} loading={<LoadingTable />}>
      {(data) => <Shown source={data} />}
    </Answer>
  );
}

function Unknown() {
  return (
    <Page>
      <PageHeader title={t("sources.unknown")} above={<Back />} />
      <Panel>
        <EmptyState icon={IconRss} title={t("sources.unknown")} sentence={t("sources.unknownHint")}>
          <Button component={Link} to="/plug/sources">{t("sources.back")}</Button>
        </EmptyState>
      </Panel>
    </Page>
  );
}

function Back() {
  return <Anchor component={Link} to="/plug/sources" size="sm">{t("sources.back")}</Anchor>;
}

function Shown({ source }: { source: Source }) {
  const format = useFormat();

  return (
    <Page>
      <PageHeader title={source.name} above={<Back />} sentence={typeName(source.type)}>
        <Switch source={source} />
        <Alarm source={source} />
        {source.type !== "webhook" && <NewKey source={source} />}
      </PageHeader>
      <Panel>
        <Facts facts={[
          { label: t("sources.key"),
            value: t(source.is_public ? "sources.keyPublic" : "sources.keySecret") },
          { label: t("sources.oldKey"),
            value: source.old_key_until && format.instant(source.old_key_until) },
          { label: t("sources.alarm"), value: alarmWords(source.silence_s) },
          { label: t("sources.schema"),
            value: source.schema ? t(source.schema_policy === "quarantine"
              ? "sources.schemaQuarantine" : "sources.schemaMark") : t("sources.schemaNone") },
          { label: t("sources.made"), value: format.instant(source.created_at),
            note: source.created_by },
          ...(source.is_exempt || source.deleted_count > 0 ? [{
            label: t("sources.exempt"), value: t("sources.exemptKept"),
            note: source.deleted_at === null ? undefined : t("sources.exemptDeleted", {
              count: source.deleted_count, when: format.instant(source.deleted_at),
            }),
          }] : []),
        ]} />
      </Panel>
      <Live id={source.id} />
      <Hours id={source.id} />
      <Apart id={source.id} />
    </Page>
  );
}

// ---- as it happens ----

function Live({ id }: { id: string }) {
  const [isPaused, setIsPaused] = useState(false);
  const format = useFormat();
  const events = useTable(`${sourcePath(id)}/events`, {},
                          { refetchInterval: isPaused ? false : LIVE_MS });
  const pause = (
    <Button size="compact-sm" variant="default" onClick={() => setIsPaused(!isPaused)}>
      {t(isPaused ? "sources.goOn" : "sources.pause")}
    </Button>
  );

  return (
    <Panel title={t("sources.live")} sentence={t("sources.liveSentence")} aside={pause}>
      <Answer of={events} loading={<LoadingTable rows={3} />}>
        {(table) => table.rows.length === 0
          ? <Text c="dimmed">{t("sources.liveNone")}</Text>
          : <DataTable table={table} name={t("sources.live")} maxHeight={420} hasDownload={false}
                       sort={{ name: "received_at", isDescending: true }}
                       columns={{
                         number: { isHidden: true },
                         received_at: { render: (at) => format.moment(String(at)) },
                         at: { render: (at) => at === null ? "–" : format.moment(String(at)) },
                         outcome: { render: (outcome) => <Outcome outcome={String(outcome)} /> },
                       }}
                       order={["received_at", "type", "name", "outcome", "identifiers", "detail",
                               "at", "message_id"]} />}
      </Answer>
    </Panel>
  );
}

function Outcome({ outcome }: { outcome: string }) {
  const isGood = outcome === "accepted" || outcome === "duplicate";

  return (
    <Badge color={isGood ? "tile" : "red"} variant={isGood ? "default" : "light"} tt="none"
           fw={500}>
      {isGood ? t(outcome === "accepted" ? "sources.accepted" : "sources.duplicate")
              : t(outcome === "refused" ? "sources.refused" : "sources.quarantined")}
    </Badge>
  );
}

function Hours({ id }: { id: string }) {
  const hours = useTable(`${sourcePath(id)}/hours`);

  return (
    <Panel title={t("sources.hours")}>
      <Answer of={hours} loading={<LoadingTable rows={3} />}>
        {(table) => <DataTable table={table} name={t("sources.hours")} maxHeight={320} />}
      </Answer>
    </Panel>
  );
}

function Apart({ id }: { id: string }) {
  const format = useFormat();
  const path = `${sourcePath(id)}/quarantine`;
  const reasons = useTable(`${path}/reasons`);

  function nameOf(row: Record): string {
    const when = format.instant(textOf(row, "received_at"));

    return t(textOf(row, "extent") === "part" ? "sources.partReceivedAt" : "sources.receivedAt",
             { when });
  }

  return (
    <Answer of={reasons} loading={<LoadingTable rows={3} />}>
      {(table) => <Quarantine path={path} stale={[SOURCES_PATH]} words="sources"
                              reasons={recordsOf(table)} total={table.rows.length}
                              nameOf={nameOf} />}
    </Answer>
  );
}

// ---- what can be done ----

function Switch({ source }: { source: Source }) {
  const [isAsking, setIsAsking] = useState(false);
  const change = useAction<boolean>(
    (is_enabled) => ({ method: "PATCH", path: sourcePath(source.id), body: { is_enabled } }),
    { stale: [SOURCES_PATH], onDone: () => setIsAsking(false) });

  if (!source.is_enabled)
    return (
      <Button loading={change.isPending} onClick={() => change.mutate(true)}>
        {t("sources.switchOn")}
      </Button>
    );
  return (
    <>
      <Button variant="default" onClick={() => setIsAsking(true)}>{t("sources.switchOff")}</Button>
      <ConfirmDestructive isOpen={isAsking} onClose={() => setIsAsking(false)}
                          title={t("sources.switchOffTitle", { name: source.name })}
                          deed={t("sources.switchOff")} isBusy={change.isPending}
                          error={change.error} onConfirm={() => change.mutate(false)}>
        <Text>{t("sources.switchOffMeans")}</Text>
      </ConfirmDestructive>
    </>
  );
}

function NewKey({ source }: { source: Source }) {
  const [isOpen, setIsOpen] = useState(false);
  const rotate = useAction<undefined, { key: string }>(
    () => ({ method: "POST", path: `${sourcePath(source.id)}/key`, body: {} }),
    { stale: [SOURCES_PATH] });

  function close() {
    setIsOpen(false);
    rotate.reset();
  }

  return (
    <>
      <Button variant="default" onClick={() => setIsOpen(true)}>{t("sources.newKey")}</Button>
      <Modal opened={isOpen} onClose={close} title={t("sources.newKey")} size="lg"
             closeButtonProps={{ "aria-label": t("common.close") }}>
        {rotate.data
          ? (
            <Stack>
              <ShownOnce title={t("sources.keyTitle", { name: source.name })}
                         hint={t("sources.keyOnce")} secret={rotate.data.key} />
              <Group justify="flex-end">
                <Button onClick={close}>{t("common.close")}</Button>
              </Group>
            </Stack>
          )
          : (
            <Stack>
              <Text>{t("sources.newKeyMeans")}</Text>
              <FailureNote error={rotate.error} />
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={close}>{t("common.cancel")}</Button>
                <Button loading={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
                  {t("sources.newKey")}
                </Button>
              </Group>
            </Stack>
          )}
      </Modal>
    </>
  );
}
