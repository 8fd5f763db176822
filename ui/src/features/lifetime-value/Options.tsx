// SPDX-License-Identifier: Apache-2.0
// What is asked of the next run: how far ahead, what money is worth, which model.
import {
  Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput,
} from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { FailureNote, Panel } from "@/components";
import { t } from "@/i18n";
import {
  MODELS, OF_OPPORTUNITIES, RUNS_PATH, type LifetimeValueRequest, type LifetimeValueResult,
} from "./lifetimeValue";

interface OptionsProps {
  result: LifetimeValueResult;
  onStart: (job: string) => void;
}

export function Options({ result, onStart }: OptionsProps) {
  const [request, setRequest] = useState<LifetimeValueRequest>({
    horizon_months: result.horizon_months, discount_percent: result.discount_percent,
    margin_percent: result.margin_percent, model: "best",
    opportunity_days: result.opportunity_days ?? 0,
  });
  const run = useAction<LifetimeValueRequest, { job_id: string }>(
    (body) => ({ method: "POST", path: RUNS_PATH, body }),
    { onDone: ({ job_id }) => onStart(job_id) });
  const set = (change: Partial<LifetimeValueRequest>) => setRequest({ ...request, ...change });

  return (
    <Panel title={t("lifetimeValue.options")} sentence={t("lifetimeValue.optionsHint")}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
          <NumberInput label={t("lifetimeValue.months")} min={1} max={120} allowDecimal={false}
                       value={request.horizon_months}
                       onChange={(value) => set({ horizon_months: Number(value) || 1 })} />
          <NumberInput label={t("lifetimeValue.discount")} min={0} max={100}
                       value={request.discount_percent}
                       onChange={(value) => set({ discount_percent: Number(value) || 0 })} />
          <NumberInput label={t("lifetimeValue.margin")} min={1} max={100}
                       value={request.margin_percent}
                       onChange={(value) => set({ margin_percent: Number(value) || 100 })} />
          <NativeSelect label={t("lifetimeValue.which")} value={request.model}
                        data={MODELS.map((value) =>
                          ({ value, label: t(`lifetimeValue.model_${value}`) }))}
                        onChange={(event) =>
                          set({ model: event.currentTarget.value as typeof request.model })} />
          <NumberInput label={t("lifetimeValue.opportunity")} min={0} max={366}
                       allowDecimal={false}
                       description={t("lifetimeValue.opportunityHint")}
                       inputWrapperOrder={["label", "input", "description", "error"]}
                       error={OF_OPPORTUNITIES.includes(request.model) && !request.opportunity_days
                         ? t("lifetimeValue.opportunityMissing") : undefined}
                       value={request.opportunity_days || ""}
                       onChange={(value) => set({ opportunity_days: Number(value) || 0 })} />
          <NumberInput label={t("lifetimeValue.holdOut")} min={0} allowDecimal={false}
                       value={request.hold_out_days ?? ""}
                       onChange={(value) => set({ hold_out_days: Number(value) || 0 })} />
          <TextInput type="date" label={t("lifetimeValue.asOfDay")} value={request.as_of ?? ""}
                     onChange={(event) => set({ as_of: event.currentTarget.value })} />
        </SimpleGrid>
        <Group>
          <Button leftSection={<IconRefresh size={16} />} loading={run.isPending}
                  onClick={() => run.mutate(request)}>
            {t("lifetimeValue.runAgain")}
          </Button>
          <FailureNote error={run.error} />
        </Group>
      </Stack>
    </Panel>
  );
}
