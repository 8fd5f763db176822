// SPDX-License-Identifier: Apache-2.0
// What an import did, or a dry run would do: the rows, which add up, and what became of them.
import { SimpleGrid, Stack, Table as Grid, Text } from "@mantine/core";
import { StatTile } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { countsOf, type Tally } from "./import";

export function TallyTiles({ tally }: { tally: Tally }) {
  const format = useFormat();
  const names = ["read", "accepted", "duplicate", "quarantined"] as const;

  return (
    <Stack gap={6}>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {names.map((name) => (
          <StatTile key={name} label={t(`imports.${name}`)} value={format.integer(tally[name])} />
        ))}
      </SimpleGrid>
      <Text size="sm" c="dimmed">{t("imports.balance", { ...tally, count: tally.read })}</Text>
    </Stack>
  );
}

export function CountsTable({ counts }: { counts: { readonly [name: string]: unknown } }) {
  const format = useFormat();
  const told = countsOf(counts);

  if (told.length === 0) return <Text size="sm" c="dimmed">{t("common.noRows")}</Text>;
  return (
    <Grid>
      <Grid.Tbody>
        {told.map(({ name, label, count }) => (
          <Grid.Tr key={name}>
            <Grid.Th scope="row" fw={400}>{label}</Grid.Th>
            <Grid.Td ta="right">{format.integer(count)}</Grid.Td>
          </Grid.Tr>
        ))}
      </Grid.Tbody>
    </Grid>
  );
}
