// SPDX-License-Identifier: Apache-2.0
// What there is to ask: tables and their columns, which a click writes into the query.
import { Accordion, Button, Group, Stack, Text } from "@mantine/core";
import { Panel } from "@/components";
import { t } from "@/i18n";
import type { LakeTable } from "./sql";

interface TablesProps {
  tables: readonly LakeTable[];
  onChoose: (name: string) => void;
}

export function Tables({ tables, onChoose }: TablesProps) {
  return (
    <Panel title={t("sql.tables")} sentence={t("sql.tablesHint")}>
      <Accordion variant="default" chevronPosition="left">
        {tables.map((table) => (
          <Accordion.Item key={table.name} value={table.name}>
            <Accordion.Control>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" ff="monospace" truncate>{table.name}</Text>
                <Text size="xs" c="dimmed" style={{ whiteSpace: "nowrap" }}>
                  {t("sql.columnsOf", { count: table.columns.length })}
                </Text>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              <Stack gap={0}>
                {table.columns.map(({ name, type }) => (
                  <Button key={name} variant="subtle" color="gray" size="compact-sm" fullWidth
                          justify="space-between" onClick={() => onChoose(name)}
                          rightSection={<Text size="xs" c="dimmed">{type}</Text>}>
                    <Text size="sm" ff="monospace" truncate>{name}</Text>
                  </Button>
                ))}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        ))}
      </Accordion>
    </Panel>
  );
}
