// SPDX-License-Identifier: Apache-2.0
// Who the customers are: how many stand in each RFM group, and what part of revenue they bring.
import { Anchor, Box, Group, Progress, Stack, Text, Tooltip } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, LoadingTable, Panel } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { valuesOf } from "./month";

export function Groups() {
  const rfm = useApi<{ groups: Table }>("/api/v1/rfm");

  return (
    <Panel title={t("home.groups")} sentence={t("home.groupsSentence")}
           aside={<Anchor component={Link} to="/analyze/reports/rfm" size="sm">
             {t("home.toReport")}
           </Anchor>}>
      <Answer of={rfm} loading={<LoadingTable rows={6} />}>
        {({ groups }) => <Bars groups={groups} />}
      </Answer>
    </Panel>
  );
}

function Bars({ groups }: { groups: Table }) {
  const format = useFormat();
  const names = valuesOf(groups, "group");
  const counts = valuesOf(groups, "customers");
  const shares = valuesOf(groups, "customer_share").map(Number);
  const meanings = valuesOf(groups, "meaning");
  const greatest = Math.max(...shares, Number.MIN_VALUE);

  return (
    <Stack gap={7} role="list">
      {names.map((name, index) => (
        <Tooltip key={String(name)} label={String(meanings[index] ?? "")} position="left">
          <Box role="listitem">
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text size="sm" truncate>{String(name)}</Text>
              <Text size="sm" c="dimmed">
                {format.cell(counts[index] ?? null, groups.columns[1]!)}
                {" · "}{format.share(shares[index] ?? 0)}
              </Text>
            </Group>
            <Progress value={(100 * (shares[index] ?? 0)) / greatest} size={5} aria-hidden />
          </Box>
        </Tooltip>
      ))}
    </Stack>
  );
}
