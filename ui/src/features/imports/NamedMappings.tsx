// SPDX-License-Identifier: Apache-2.0
// Mappings kept under a name: one is applied to this file, or this one is kept for the next.
import { Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { get } from "@/api/client";
import { useAction, useTable } from "@/api/queries";
import { recordsOf, textOf } from "@/api/records";
import { FailureNote, Panel } from "@/components";
import { t } from "@/i18n";
import type { Mapping } from "./mapping";

const MAPPINGS_PATH = "/api/v1/mappings";
const pathOf = (name: string) => `${MAPPINGS_PATH}/${encodeURIComponent(name)}`;

export interface NamedMappingsProps {
  mapping: Mapping;
  onMapping: (mapping: Mapping) => void;
}

export function NamedMappings({ mapping, onMapping }: NamedMappingsProps) {
  return (
    <Panel title={t("imports.named")}>
      <Group align="flex-start" gap="xl">
        <Apply kind={mapping.kind} onMapping={onMapping} />
        <Keep mapping={mapping} />
      </Group>
    </Panel>
  );
}

function Apply({ kind, onMapping }: { kind: string; onMapping: (mapping: Mapping) => void }) {
  const mappings = useTable(MAPPINGS_PATH);
  const [name, setName] = useState<string | null>(null);
  const [error, setError] = useState<unknown>();
  const names = mappings.data
    ? recordsOf(mappings.data).filter((each) => each.kind === kind)
      .map((each) => textOf(each, "name"))
    : [];

  async function apply() {
    try {
      setError(undefined);
      onMapping(await get<Mapping>(pathOf(name!)));
    } catch (failure) {
      setError(failure);
    }
  }

  if (names.length === 0) return <Text size="sm" c="dimmed">{t("imports.namedNone")}</Text>;
  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="xs">
        <Select label={t("imports.namedHint")} data={names} value={name} onChange={setName} />
        <Button variant="default" disabled={!name} onClick={() => void apply()}>
          {t("imports.apply")}
        </Button>
      </Group>
      <FailureNote error={error} />
    </Stack>
  );
}

function Keep({ mapping }: { mapping: Mapping }) {
  const [name, setName] = useState("");
  const keep = useAction((given: string) => ({
    method: "PUT", path: pathOf(given), body: mapping,
  }), { stale: [MAPPINGS_PATH] });

  return (
    <Stack gap="xs">
      <Group align="flex-end" gap="xs">
        <TextInput label={t("imports.keep")} placeholder={t("imports.keepName")} value={name}
                   onChange={(event) => { setName(event.target.value); keep.reset(); }} />
        <Button variant="default" disabled={name.trim() === ""} loading={keep.isPending}
                onClick={() => keep.mutate(name.trim())}>
          {t("common.save")}
        </Button>
      </Group>
      {keep.isSuccess && <Text size="sm" role="status">{t("imports.kept", { name })}</Text>}
      <FailureNote error={keep.error} />
    </Stack>
  );
}
