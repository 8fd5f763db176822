// SPDX-License-Identifier: Apache-2.0
// The segments that a customer is in, as each was evaluated last, and since when.
import { Anchor, Group, Stack, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import { recordsOf, textOf } from "@/api/records";
import { useTable } from "@/api/queries";
import { Answer, LoadingLines, Panel } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { customerPath, type Customer } from "./customer";

export function Segments({ customer }: { customer: Customer }) {
  const format = useFormat();
  const segments = useTable(`${customerPath(customer.id)}/segments`);

  return (
    <Panel title={t("customers.segments")}>
      <Answer of={segments} loading={<LoadingLines count={2} />}>
        {(table) => table.rows.length === 0
          ? <Text size="sm" c="dimmed">{t("customers.segmentsNone")}</Text>
          : (
            <Stack gap="xs">
              {recordsOf(table).map((each) => (
                <Group key={textOf(each, "segment")} justify="space-between" gap="xs">
                  <Anchor component={Link} size="sm"
                          to={`/analyze/segments/${encodeURIComponent(textOf(each, "segment"))}`}>
                    {textOf(each, "segment")}
                  </Anchor>
                  <Text size="xs" c="dimmed">
                    {t("customers.segmentSince", { when: format.instant(textOf(each, "since")) })}
                  </Text>
                </Group>
              ))}
            </Stack>
          )}
      </Answer>
    </Panel>
  );
}
