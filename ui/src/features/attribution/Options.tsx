// SPDX-License-Identifier: Apache-2.0
// What is asked of the next run: the period, the window, which sales, and what channels cost.
import {
  Button, Checkbox, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text, TextInput,
} from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { FailureNote, Panel } from "@/components";
import { t } from "@/i18n";
import {
  costsOf, RUNS_PATH, type AttributionRequest, type AttributionResult, type Conversions,
} from "./attribution";

interface OptionsProps {
  result: AttributionResult;
  onStart: (job: string) => void;
}

export function Options({ result, onStart }: OptionsProps) {
  const [request, setRequest] = useState<Omit<AttributionRequest, "costs">>({
    from: result.from, until: result.until, look_back_days: result.look_back_days,
    conversions: result.conversions_counted, order: result.order, with_nulls: result.with_nulls,
  });
  const before = costsOf(result.returns);
  const [costs, setCosts] = useState(() =>
    before.map(({ channel }): { channel: string; cost: number | "" } => ({ channel, cost: "" })));
  const run = useAction<AttributionRequest, { job_id: string }>(
    (body) => ({ method: "POST", path: RUNS_PATH, body }),
    { onDone: ({ job_id }) => onStart(job_id) });
  const set = (change: Partial<AttributionRequest>) => setRequest({ ...request, ...change });
  const known = costs.flatMap(({ channel, cost }) => (cost === "" ? [] : [{ channel, cost }]));

  return (
    <Panel title={t("attribution.options")} sentence={t("attribution.optionsHint")}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm">
          <TextInput type="date" label={t("attribution.from")} value={request.from ?? ""}
                     onChange={(event) => set({ from: event.currentTarget.value })} />
          <TextInput type="date" label={t("attribution.until")} value={request.until ?? ""}
                     onChange={(event) => set({ until: event.currentTarget.value })} />
          <NumberInput label={t("attribution.lookBack")} min={1} max={365} allowDecimal={false}
                       value={request.look_back_days}
                       onChange={(value) => set({ look_back_days: Number(value) || 1 })} />
          <NativeSelect label={t("attribution.which")} value={request.conversions}
                        onChange={(event) =>
                          set({ conversions: event.currentTarget.value as Conversions })}
                        data={(["all", "first", "new"] as const).map((value) =>
                          ({ value, label: t(`attribution.which_${value}`) }))} />
          <NativeSelect label={t("attribution.order")} value={String(request.order)}
                        onChange={(event) => set({ order: Number(event.currentTarget.value) })}
                        data={["1", "2", "3"]} />
        </SimpleGrid>
        <Checkbox label={t("attribution.withNulls")} checked={request.with_nulls}
                  onChange={(event) => set({ with_nulls: event.currentTarget.checked })} />
        {costs.length > 0 && (
          <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
            <Text component="legend" size="sm" fw={500}>{t("attribution.costs")}</Text>
            <Text size="xs" c="dimmed">{t("attribution.costsHint")}</Text>
            <SimpleGrid cols={{ base: 2, sm: 3, md: 5 }} spacing="sm">
              {costs.map(({ channel, cost }, index) => (
                <NumberInput key={channel} label={channel} min={0} value={cost}
                             placeholder={String(before[index]?.cost ?? "")}
                             onChange={(value) => setCosts(costs.map((each, place) =>
                               place === index
                                 ? { channel, cost: value === "" ? "" : Number(value) } : each))} />
              ))}
            </SimpleGrid>
          </fieldset>
        )}
        <Group>
          <Button leftSection={<IconRefresh size={16} />} loading={run.isPending}
                  onClick={() => run.mutate(asked(request, known))}>
            {t("attribution.runAgain")}
          </Button>
          <FailureNote error={run.error} />
        </Group>
      </Stack>
    </Panel>
  );
}

// A day that was cleared is left to the server.
function asked({ from, until, ...rest }: Omit<AttributionRequest, "costs">,
               costs: AttributionRequest["costs"]): AttributionRequest {
  return { ...rest, ...(from ? { from } : {}), ...(until ? { until } : {}), costs };
}
