// SPDX-License-Identifier: Apache-2.0
// Webhooks in: their addresses, what came of them, and what is done with them.
import { Anchor, Button, Code, Divider, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { Fragment } from "react";
import { Link } from "react-router-dom";
import { useAction, useTable } from "@/api/queries";
import { numberOf, recordsOf, textOf, type Record } from "@/api/records";
import {
  Answer, EmptyState, LoadingTable, NewSecret, Page, PageHeader, Panel, StateBadge,
} from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { AddHook } from "./AddHook";
import { HOOKS, SOURCES, addressOfHook } from "./hook";
import { Remap } from "./Remap";

export default function HooksPage() {
  const hooks = useTable(HOOKS);
  const [isAdding, adding] = useDisclosure();
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={adding.open}>{t("hooks.add")}</Button>
  );

  return (
    <Page>
      <PageHeader title={t("hooks.title")} sentence={t("hooks.sentence")}>{add}</PageHeader>
      <Panel>
        <Answer of={hooks} loading={<LoadingTable rows={3} />}>
          {(table) => table.rows.length === 0
            ? <EmptyState icon={IconWebhook} title={t("hooks.none")}
                          sentence={t("hooks.noneHint")}>{add}</EmptyState>
            : (
              <Stack gap="md">
                {recordsOf(table).map((hook, place) => (
                  <Fragment key={textOf(hook, "id")}>
                    {place > 0 && <Divider />}
                    <Hook hook={hook} />
                  </Fragment>
                ))}
              </Stack>
            )}
        </Answer>
      </Panel>
      <AddHook isOpen={isAdding} onClose={adding.close} />
    </Page>
  );
}

function Hook({ hook }: { hook: Record }) {
  const state = textOf(hook, "state");

  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={4} style={{ minWidth: 0, flex: "1 1 18rem" }}>
        <Group gap="xs">
          <Text fw={600}>{textOf(hook, "name")}</Text>
          <StateBadge state={state}>{t(`hooks.${state}` as Key)}</StateBadge>
        </Group>
        <Code style={{ overflowWrap: "anywhere", alignSelf: "flex-start" }}>
          {addressOfHook(textOf(hook, "address"))}
        </Code>
        <Figures hook={hook} />
      </Stack>
      <Actions hook={hook} />
    </Group>
  );
}

function Figures({ hook }: { hook: Record }) {
  const format = useFormat();
  const quarantined = numberOf(hook, "quarantined");
  const parts = [
    t("hooks.brings", { kind: textOf(hook, "kind") }),
    t(`hooks.${textOf(hook, "scheme")}` as Key),
    t("hooks.taken", { count: numberOf(hook, "accepted") }),
    numberOf(hook, "duplicate") > 0 && t("hooks.again", { count: numberOf(hook, "duplicate") }),
    hook.last_at && t("hooks.last", { when: format.ago(textOf(hook, "last_at")) }),
  ];

  return (
    <Text size="sm" c="dimmed">
      {parts.filter(Boolean).join(" · ")}
      {quarantined > 0 && (
        <>
          {" · "}
          <Anchor component={Link} size="sm" underline="always"
                  to={`/plug/imports/${textOf(hook, "id")}`}>
            {t("hooks.quarantined", { count: quarantined })}
          </Anchor>
        </>
      )}
    </Text>
  );
}

function Actions({ hook }: { hook: Record }) {
  const id = textOf(hook, "id");
  const name = textOf(hook, "name");
  const isOff = hook.state === "off";
  const change = useAction<undefined>(
    () => ({ method: "PATCH", path: `${SOURCES}/${id}`, body: { is_enabled: isOff } }),
    { stale: [HOOKS, SOURCES] },
  );

  return (
    <Group gap={6}>
      <Remap id={id} name={name} />
      <NewSecret path={`${HOOKS}/${id}/secret`} stale={[HOOKS]} name={name}
                 title={t("hooks.rotateTitle", { name })} meaning={t("hooks.rotateMeans")}
                 hint={t("hooks.once")} />
      <Button variant="default" size="compact-sm" loading={change.isPending}
              onClick={() => change.mutate(undefined)}>
        {t(isOff ? "hooks.switchOn" : "hooks.switchOff")}
      </Button>
    </Group>
  );
}
