// SPDX-License-Identifier: Apache-2.0
// What a comparison found, now or when it was kept: pictures, words, groups, numbers.
import { SimpleGrid, Stack, Text } from "@mantine/core";
import { DataTable, Panel } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { outcomesOf, type Comparison } from "./experiments";
import { Intervals } from "./Intervals";
import { Words } from "./Words";

export function Found({ comparison }: { comparison: Comparison }) {
  const format = useFormat();
  const { from, to } = comparison.compared_with;

  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="lg">
        {outcomesOf(comparison.differences).map((outcome) => (
          <Panel key={outcome.name} title={outcome.name}
                 sentence={t(outcome.measure === "share"
                   ? "experiments.sharePicture" : "experiments.meanPicture")}>
            <Intervals outcome={outcome} />
          </Panel>
        ))}
      </SimpleGrid>
      <Words reading={comparison.reading} warnings={comparison.warnings} />
      <Panel title={t("experiments.arms")}>
        <DataTable table={comparison.arms} name={t("experiments.arms")} />
        {comparison.left_out > 0 && (
          <Text size="sm" mt="xs">
            {t("experiments.leftOut", { count: format.integer(comparison.left_out) })}
          </Text>
        )}
      </Panel>
      <Panel title={t("experiments.numbers")}
             sentence={t("experiments.numbersHint", {
               from: format.day(from), to: format.day(to),
             })}>
        <DataTable table={comparison.differences} name={t("experiments.numbers")} maxHeight={420} />
      </Panel>
    </Stack>
  );
}
