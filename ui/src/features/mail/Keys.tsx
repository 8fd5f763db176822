// SPDX-License-Identifier: Apache-2.0
// The DKIM keys with the records that DNS needs, and their rotation: a new key, its record, then
// the key signs and the one before it rests until it is removed.
import { Button, Divider, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import type { Table } from "@/api/client";
import { useAction } from "@/api/queries";
import { recordsOf, textOf, type Record } from "@/api/records";
import {
  ConfirmDestructive, Copied, EmptyState, FailureNote, notify, Panel, StateBadge,
} from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { keyPath, KEYS_PATH, MAIL_PATH } from "./mail";

export function Keys({ table, isReady }: { table: Table; isReady: boolean }) {
  const keys = recordsOf(table);

  return (
    <Panel title={t("mail.keys")} sentence={t("mail.keysHint")}>
      <Stack gap="md">
        {keys.length === 0 && (
          <EmptyState icon={IconKey} title={t("mail.keysNone")}
                      sentence={t(isReady ? "mail.keysNoneHint" : "mail.keysFirst")} />
        )}
        {keys.map((key, place) => (
          <Fragment key={textOf(key, "selector")}>
            {place > 0 && <Divider />}
            <OneKey record={key} />
          </Fragment>
        ))}
        <Add isReady={isReady} />
      </Stack>
    </Panel>
  );
}

function OneKey({ record }: { record: Record }) {
  const format = useFormat();
  const state = textOf(record, "state");

  return (
    <Stack gap={6}>
      <Group gap="xs">
        <Text fw={600}>{textOf(record, "selector")}</Text>
        <StateBadge state={state === "signing" ? "active" : "done"}>
          {t(`mail.key_${state}` as Key)}
        </StateBadge>
        <Text size="sm" c="dimmed">
          {textOf(record, "algorithm")} · {format.dayOf(textOf(record, "created_at"))}
        </Text>
      </Group>
      <Copied label={t("mail.recordName")} value={textOf(record, "name")} />
      <Copied label={t("mail.record")} value={textOf(record, "record")} />
      <Actions selector={textOf(record, "selector")} state={state} />
    </Stack>
  );
}

function Actions({ selector, state }: { selector: string; state: string }) {
  const [isAsked, asked] = useDisclosure();
  const use = useAction<undefined>(
    () => ({ method: "POST", path: `${keyPath(selector)}/use` }),
    { stale: [MAIL_PATH], onDone: () => notify(t("mail.keyUsed", { selector })) });
  const remove = useAction<undefined>(
    () => ({ method: "DELETE", path: keyPath(selector) }),
    { stale: [MAIL_PATH], onDone: asked.close });

  return (
    <>
      <Group gap="xs">
        {state !== "signing" && (
          <Button size="compact-sm" variant="default" loading={use.isPending}
                  aria-label={`${t("mail.useKey")}: ${selector}`}
                  onClick={() => use.mutate(undefined)}>
            {t("mail.useKey")}
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" onClick={asked.open}
                aria-label={`${t("mail.removeKey")}: ${selector}`}>
          {t("mail.removeKey")}
        </Button>
      </Group>
      <FailureNote error={use.error} />
      <ConfirmDestructive isOpen={isAsked} title={t("mail.removeTitle", { selector })}
                          deed={t("mail.removeKey")} isBusy={remove.isPending} error={remove.error}
                          onConfirm={() => remove.mutate(undefined)} onClose={asked.close}>
        <Text size="sm">
          {t(state === "signing" ? "mail.removeSigning" : "mail.removeMeans")}
        </Text>
      </ConfirmDestructive>
    </>
  );
}

function Add({ isReady }: { isReady: boolean }) {
  const [algorithm, setAlgorithm] = useState("rsa-sha256");
  const add = useAction<undefined, { selector: string }>(
    () => ({ method: "POST", path: KEYS_PATH, body: { algorithm } }),
    { stale: [MAIL_PATH], onDone: ({ selector }) => notify(t("mail.keyMade", { selector })) });

  return (
    <Stack gap="xs">
      <Group gap="sm" align="flex-end">
        <NativeSelect label={t("mail.algorithm")} value={algorithm} disabled={!isReady}
                      data={[{ value: "rsa-sha256", label: t("mail.rsa") },
                             { value: "ed25519-sha256", label: t("mail.ed25519") }]}
                      onChange={(event) => setAlgorithm(event.currentTarget.value)} />
        <Button leftSection={<IconPlus size={16} />} variant="default" disabled={!isReady}
                loading={add.isPending} onClick={() => add.mutate(undefined)}>
          {t("mail.addKey")}
        </Button>
      </Group>
      <FailureNote error={add.error} />
    </Stack>
  );
}
