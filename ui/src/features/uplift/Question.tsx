// SPDX-License-Identifier: Apache-2.0
// What is asked: the two segments of a test, its first day, and what counts as a response.
import {
  Button, Group, NativeSelect, NumberInput, SimpleGrid, Stack, TextInput,
} from "@mantine/core";
import { IconArrowsSplit2 } from "@tabler/icons-react";
import { useState } from "react";
import { useAction, useTable } from "@/api/queries";
import { FailureNote, Panel } from "@/components";
import { SEGMENTS_PATH } from "@/features/segments/fields";
import { textsOf } from "@/features/selection/columns";
import { t } from "@/i18n";
import { RUNS_PATH, type UpliftRequest, type UpliftResult } from "./uplift";

interface QuestionProps {
  result: UpliftResult | null;
  onStart: (job: string) => void;
}

export function Question({ result, onStart }: QuestionProps) {
  const stored = useTable(SEGMENTS_PATH, { stored: true });
  const names = stored.data ? textsOf(stored.data, "name") : [];
  const [asked, setAsked] = useState<UpliftRequest>({
    treated: result?.treated_segment ?? "", control: result?.control_segment ?? "",
    start: result?.start ?? "", arms_on: result?.arms_on ?? "",
    window_days: result?.window_days ?? 30,
    ...(result?.spend_at_least ? { spend_at_least: result.spend_at_least } : {}),
  });
  const run = useAction<UpliftRequest, { job_id: string }>(
    (body) => ({ method: "POST", path: RUNS_PATH, body }),
    { onDone: ({ job_id }) => onStart(job_id) });
  const set = (change: Partial<UpliftRequest>) => setAsked({ ...asked, ...change });
  const choices = (other: string) =>
    [{ value: "", label: t("experiments.choose") }, ...names.filter((name) => name !== other)];

  return (
    <Panel title={t("uplift.question")} sentence={t("uplift.questionHint")}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
          <NativeSelect label={t("uplift.treated")} value={asked.treated}
                        data={choices(asked.control)}
                        onChange={(event) => set({ treated: event.currentTarget.value })} />
          <NativeSelect label={t("uplift.control")} value={asked.control}
                        data={choices(asked.treated)}
                        onChange={(event) => set({ control: event.currentTarget.value })} />
          <TextInput type="date" label={t("uplift.start")} value={asked.start}
                     onChange={(event) => set({ start: event.currentTarget.value })} />
          <NumberInput label={t("uplift.window")} min={1} max={730} allowDecimal={false}
                       value={asked.window_days}
                       onChange={(value) => set({ window_days: Number(value) || 1 })} />
          <NumberInput label={t("uplift.spend")} min={0} value={asked.spend_at_least ?? ""}
                       onChange={(value) => set({ spend_at_least: Number(value) || 0 })} />
          <TextInput type="date" label={t("uplift.armsOn")} value={asked.arms_on ?? ""}
                     onChange={(event) => set({ arms_on: event.currentTarget.value })} />
        </SimpleGrid>
        <Group>
          <Button leftSection={<IconArrowsSplit2 size={16} />} loading={run.isPending}
                  disabled={!asked.treated || !asked.control || !asked.start}
                  onClick={() => run.mutate(bodyOf(asked))}>
            {t(result ? "uplift.runAgain" : "uplift.run")}
          </Button>
          <FailureNote error={run.error} />
        </Group>
      </Stack>
    </Panel>
  );
}

// What was cleared is left to the server.
function bodyOf({ arms_on, spend_at_least, ...rest }: UpliftRequest): UpliftRequest {
  return {
    ...rest, ...(arms_on ? { arms_on } : {}), ...(spend_at_least ? { spend_at_least } : {}),
  };
}
