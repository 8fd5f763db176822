// SPDX-License-Identifier: Apache-2.0
// What channels cost in which days, noted down once: every attribution reads that of its period.
import {
  ActionIcon, Autocomplete, Button, Group, NumberInput, SimpleGrid, Stack, Text, TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction, useTable } from "@/api/queries";
import { Answer, DataTable, FailureNote, LoadingTable, Panel } from "@/components";
import { t } from "@/i18n";
import { COSTS_PATH, type NotedCost } from "./attribution";

interface CostsProps {
  channels: readonly string[]; // that the latest run saw
  currency: string | null;
  mayChange: boolean;
}

export function Costs({ channels, currency, mayChange }: CostsProps) {
  const costs = useTable(COSTS_PATH, { limit: 1000 });
  const remove = useAction((id: string) => ({ method: "DELETE", path: `${COSTS_PATH}/${id}` }),
                           { stale: [COSTS_PATH] });

  return (
    <Panel title={t("attribution.noted")} sentence={t("attribution.notedHint")}>
      <Stack gap="md">
        <Answer of={costs} loading={<LoadingTable />}>
          {(table) => table.rows.length === 0
            ? <Text size="sm" c="dimmed">{t("attribution.noneNoted")}</Text>
            : (
              <DataTable table={table} name={t("attribution.noted")} maxHeight={320}
                         columns={{
                           id: {
                             isHidden: !mayChange, label: t("attribution.takeAway"),
                             render: (id, row) => (
                               <ActionIcon variant="subtle" color="gray" loading={remove.isPending}
                                           onClick={() => remove.mutate(String(id))}
                                           aria-label={`${t("attribution.takeAway")} ${
                                             row.text("channel") ?? ""}`}>
                                 <IconTrash size={16} />
                               </ActionIcon>
                             ),
                           },
                         }} />
            )}
        </Answer>
        <FailureNote error={remove.error} />
        {mayChange && <Note channels={channels} currency={currency ?? "EUR"} />}
      </Stack>
    </Panel>
  );
}

function Note({ channels, currency }: { channels: readonly string[]; currency: string }) {
  const nothing: NotedCost = { channel: "", from: "", until: "", amount: 0, currency };
  const [cost, setCost] = useState(nothing);
  const note = useAction((costs: NotedCost[]) => ({
    method: "PUT", path: COSTS_PATH, body: { costs },
  }), { stale: [COSTS_PATH], onDone: () => setCost({ ...cost, amount: 0 }) });
  const set = (change: Partial<NotedCost>) => setCost({ ...cost, ...change });

  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm">
        <Autocomplete label={t("attribution.channel")} data={[...channels]} value={cost.channel}
                      onChange={(channel) => set({ channel })} />
        <TextInput type="date" label={t("attribution.costFrom")} value={cost.from}
                   onChange={(event) => set({ from: event.currentTarget.value })} />
        <TextInput type="date" label={t("attribution.costUntil")} value={cost.until}
                   onChange={(event) => set({ until: event.currentTarget.value })} />
        <NumberInput label={t("attribution.amount")} min={0} value={cost.amount}
                     onChange={(amount) => set({ amount: Number(amount) || 0 })} />
        <TextInput label={t("attribution.currency")} maxLength={3} value={cost.currency}
                   onChange={(event) =>
                     set({ currency: event.currentTarget.value.toUpperCase() })} />
      </SimpleGrid>
      <Group>
        <Button leftSection={<IconPlus size={16} />} variant="default" loading={note.isPending}
                disabled={!cost.channel || !cost.from || !cost.until}
                onClick={() => note.mutate([cost])}>
          {t("attribution.noteDown")}
        </Button>
        <FailureNote error={note.error} />
      </Group>
    </>
  );
}
