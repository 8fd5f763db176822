// SPDX-License-Identifier: Apache-2.0
// A draft under the hand: whom, for what, how, what it says, when, and for how much. Who would be
// reached is counted by the server while it is written.
import {
  Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useApi, useTable } from "@/api/queries";
import { FailureNote, Panel } from "@/components";
import { PURPOSES_PATH, type Purpose } from "@/features/consent/consent";
import { SEGMENTS_PATH } from "@/features/segments/fields";
import { textsOf } from "@/features/selection/columns";
import { t } from "@/i18n";
import { Arms } from "./Arms";
import { CHANNELS_PATH, type Draft } from "./campaign";
import { Reached } from "./Reached";
import { Testing } from "./Testing";

export interface ComposerProps {
  draft: Draft;
  isNew: boolean;
  isBusy: boolean;
  error: unknown;
  onSave: (draft: Draft) => void;
}

export function Composer({ draft: former, isNew, isBusy, error, onSave }: ComposerProps) {
  const [draft, setDraft] = useState(former);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));

  return (
    <form onSubmit={(event) => { event.preventDefault(); onSave(draft); }}>
      <Stack gap="lg">
        <Panel title={t("campaigns.who")}>
          <Who draft={draft} isNew={isNew} change={change} />
        </Panel>
        <Reached draft={draft} />
        <Arms draft={draft} change={change} />
        <Panel title={t("campaigns.when")}><When draft={draft} change={change} /></Panel>
        <Testing draft={draft} change={change} />
        <FailureNote error={error} />
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy}>{t("campaigns.save")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

export interface PartProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

// What the draft names already stays a choice, whatever became of it.
function withFormer(purposes: readonly Purpose[], former: string): string[] {
  const names = purposes.map(({ name }) => name);

  return former === "" || names.includes(former) ? names : [...names, former];
}

function Who({ draft, isNew, change }: PartProps & { isNew: boolean }) {
  const segments = useTable(SEGMENTS_PATH, { stored: true });
  const channels = useTable(CHANNELS_PATH);
  const purposes = useApi<{ purposes: Purpose[] }>(PURPOSES_PATH);
  const choose = { value: "", label: t("campaigns.choose") };

  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput label={t("campaigns.name")} value={draft.name} required disabled={!isNew}
                 onChange={(event) => change({ name: event.currentTarget.value })} />
      <TextInput label={t("campaigns.description")} value={draft.description}
                 onChange={(event) => change({ description: event.currentTarget.value })} />
      <NativeSelect label={t("campaigns.segment")} value={draft.segment} required
                    data={[choose, ...(segments.data ? textsOf(segments.data, "name") : [])]}
                    onChange={(event) => change({ segment: event.currentTarget.value })} />
      <NativeSelect label={t("campaigns.purpose")} value={draft.purpose} required
                    description={t("campaigns.purposeHint")}
                    inputWrapperOrder={["label", "input", "description"]}
                    data={[choose, ...withFormer(purposes.data?.purposes ?? [], draft.purpose)]}
                    onChange={(event) => change({ purpose: event.currentTarget.value })} />
      <NativeSelect label={t("campaigns.channel")} value={draft.channel} required
                    data={[choose, ...(channels.data ? textsOf(channels.data, "channel") : [])]}
                    onChange={(event) => change({ channel: event.currentTarget.value })} />
      <NumberInput label={t("campaigns.holdOut")} value={draft.hold_out} min={0} max={90}
                   description={t("campaigns.holdOutHint")} suffix=" %"
                   inputWrapperOrder={["label", "input", "description"]}
                   onChange={(value) => change({ hold_out: Number(value) })} />
    </SimpleGrid>
  );
}

function optional(value: number | string): number {
  return value === "" ? -1 : Number(value);
}

function When({ draft, change }: PartProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
      <TextInput label={t("campaigns.startsAt")} value={draft.starts_at}
                 placeholder="2026-12-01T09:00:00Z" description={t("campaigns.startsAtHint")}
                 inputWrapperOrder={["label", "input", "description"]}
                 onChange={(event) => change({ starts_at: event.currentTarget.value.trim() })} />
      <TextInput label={t("campaigns.sendAt")} value={draft.send_at} placeholder="09:30"
                 description={t("campaigns.sendAtHint")}
                 inputWrapperOrder={["label", "input", "description"]}
                 onChange={(event) => change({ send_at: event.currentTarget.value.trim() })} />
      <NumberInput label={t("campaigns.window")} value={draft.window_days} min={1} max={365}
                   description={t("campaigns.windowHint")}
                   inputWrapperOrder={["label", "input", "description"]}
                   onChange={(value) => change({ window_days: Number(value) })} />
      <NumberInput label={t("campaigns.budget")} value={draft.budget < 0 ? "" : draft.budget}
                   min={0} description={t("campaigns.budgetHint")}
                   inputWrapperOrder={["label", "input", "description"]}
                   onChange={(value) => change({ budget: optional(value) })} />
      <NumberInput label={t("campaigns.margin")} value={draft.margin < 0 ? "" : draft.margin}
                   min={0} max={100} suffix=" %" description={t("campaigns.marginHint")}
                   inputWrapperOrder={["label", "input", "description"]}
                   onChange={(value) => change({ margin: optional(value) })} />
    </SimpleGrid>
  );
}
