// SPDX-License-Identifier: Apache-2.0
// A test of arms: how many it takes is said before anything else is chosen.
import { NativeSelect, NumberInput, SimpleGrid, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useApi } from "@/api/queries";
import { Panel } from "@/components";
import { SAMPLE_PATH, type SamplePlan } from "@/features/experiments/experiments";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { PartProps } from "./Composer";

export function Testing({ draft, change }: PartProps) {
  if (draft.arms.length < 2) return null;
  return (
    <Panel title={t("campaigns.test")} sentence={t("campaigns.testHint")}>
      <Stack gap="sm">
        <Needed groups={draft.arms.length} />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <NumberInput label={t("campaigns.testShare")} value={draft.test} min={1} max={100}
                       suffix=" %" description={t("campaigns.testShareHint")}
                       inputWrapperOrder={["label", "input", "description"]}
                       onChange={(value) => change({ test: Number(value) })} />
          <NativeSelect label={t("campaigns.winnerBy")} value={draft.winner_by}
                        data={[
                          { value: "clicks", label: t("campaigns.byClicks") },
                          { value: "buyers", label: t("campaigns.byBuyers") },
                          { value: "revenue", label: t("campaigns.byRevenue") },
                        ]}
                        onChange={(event) => change({ winner_by: event.currentTarget.value })} />
          <NumberInput label={t("campaigns.winnerAfter")} value={draft.winner_after_minutes}
                       min={1} onChange={(value) =>
                         change({ winner_after_minutes: Number(value) })} />
        </SimpleGrid>
      </Stack>
    </Panel>
  );
}

function Needed({ groups }: { groups: number }) {
  const format = useFormat();
  const [baseline, setBaseline] = useState(3);
  const [effect, setEffect] = useState(20);
  const plan = useApi<SamplePlan>(SAMPLE_PATH, { baseline, effect, groups },
    { enabled: baseline > 0 && effect > 0 });

  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NumberInput label={t("campaigns.baseline")} value={baseline} min={0.1} max={99} suffix=" %"
                     onChange={(value) => setBaseline(Number(value))} />
        <NumberInput label={t("campaigns.effect")} value={effect} min={1} max={1000} suffix=" %"
                     onChange={(value) => setEffect(Number(value))} />
      </SimpleGrid>
      {plan.data && (
        <Text size="sm">
          {t("campaigns.needed", {
            each: format.integer(plan.data.each), all: format.integer(plan.data.all),
          })}
        </Text>
      )}
    </>
  );
}
