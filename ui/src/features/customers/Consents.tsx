// SPDX-License-Identifier: Apache-2.0
// The consent that holds now, at a glance: one line per purpose and channel. A word says the state,
// colour only stresses that it was granted.
import { Badge, Group, Stack, Text } from "@mantine/core";
import type { Table } from "@/api/client";
import { recordsOf, textOf } from "@/api/records";
import { Panel } from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";

const STATES = ["granted", "denied", "withdrawn"];

export function Consents({ table }: { table: Table }) {
  const format = useFormat();
  const consents = recordsOf(table);

  return (
    <Panel title={t("customers.consent")}>
      {consents.length === 0 && <Text size="sm" c="dimmed">{t("customers.consentNone")}</Text>}
      <Stack gap="xs">
        {consents.map((each) => {
          const state = textOf(each, "state");
          return (
            <div key={`${textOf(each, "purpose")} ${textOf(each, "channel")}`}>
              <Group justify="space-between" gap="xs" wrap="nowrap">
                <Text size="sm">{textOf(each, "purpose")} · {textOf(each, "channel")}</Text>
                <Badge variant={state === "granted" ? "light" : "default"} tt="none" fw={500}
                       style={{ flexShrink: 0 }}>
                  {STATES.includes(state) ? t(`customers.${state}` as Key) : state}
                </Badge>
              </Group>
              <Text size="xs" c="dimmed">
                {[
                  format.instant(textOf(each, "since")),
                  textOf(each, "legal_basis") || t("customers.noBasis"),
                  textOf(each, "text_version"),
                ].filter(Boolean).join(" · ")}
              </Text>
            </div>
          );
        })}
      </Stack>
    </Panel>
  );
}
