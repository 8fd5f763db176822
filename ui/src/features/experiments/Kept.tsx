// SPDX-License-Identifier: Apache-2.0
// Comparisons that were kept: told as they were, whatever the data say today.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconBookmark, IconFlask } from "@tabler/icons-react";
import type { Parameters } from "@/api/client";
import { useTablePages } from "@/api/pages";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, FailureNote, LoadingTable, MoreButton, Panel, useAddressState,
} from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { KEPT_PATH, KEPT_RUNS_PATH, type Kept as KeptAnswer } from "./experiments";
import { Found } from "./Found";

export function KeepButton({ asked }: { asked: Parameters }) {
  const keep = useAction<undefined, { run: string }>(
    () => ({ method: "POST", path: KEPT_RUNS_PATH, parameters: asked }));

  if (!useMay()("change_segments")) return null;
  return (
    <Group>
      <Button variant="default" leftSection={<IconBookmark size={16} />} loading={keep.isPending}
              disabled={keep.isSuccess} onClick={() => keep.mutate(undefined)}>
        {t(keep.isSuccess ? "experiments.isKept" : "experiments.keep")}
      </Button>
      <FailureNote error={keep.error} />
    </Group>
  );
}

export function Kept() {
  const [run] = useAddressState("run");
  const pages = useTablePages(KEPT_RUNS_PATH, {}, { limit: 25 });

  return (
    <Answer of={pages} loading={<LoadingTable />}>
      {(list) => list.rows.length === 0
        ? (
          <EmptyState icon={IconFlask} title={t("experiments.noneKept")}
                      sentence={t("experiments.noneKeptHint")} />
        )
        : (
          <Stack gap="lg">
            <Panel title={t("experiments.kept")} sentence={t("experiments.keptHint")}>
              <DataTable table={list} name={t("experiments.kept")} maxHeight={300}
                         columns={{ run: { isHidden: true } }}
                         href={(row) => `/analyze/experiments?tab=kept&run=${row.text("run")}`} />
              <MoreButton of={pages} />
            </Panel>
            <One run={run} />
          </Stack>
        )}
    </Answer>
  );
}

// The latest one, unless another one was chosen.
function One({ run }: { run: string }) {
  const format = useFormat();
  const answer = useApi<KeptAnswer>(KEPT_PATH, run ? { run } : {});

  return (
    <Answer of={answer} loading={<LoadingTable rows={10} />}>
      {({ result, ran_at }) => result && (
        <Stack gap="lg">
          <Text size="sm">
            {t("experiments.keptOf", {
              from: format.day(result.selection.from), to: format.day(result.selection.to),
              ran: ran_at ? format.ago(ran_at) : "",
            })}
          </Text>
          <Found comparison={result} />
        </Stack>
      )}
    </Answer>
  );
}
