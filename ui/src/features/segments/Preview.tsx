// SPDX-License-Identifier: Apache-2.0
// What the conditions being edited mean, now: how many customers, the sentence, the SQL.
import { Code, Group, Loader, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call, type ApiError, type Table } from "@/api/client";
import { textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { SEGMENTS_PATH } from "./fields";
import type { Tree } from "./tree";
import { sentenceOf } from "./words";

const PAUSE_MS = 350; // after the last key, before it is counted

export interface Counted {
  count: number;
  conditions: Table;
  sql: Table;
  values: unknown[];
}

/** What the server makes of a tree; `isStale` while a newer one is not counted yet. */
export function useCounted(tree: Tree) {
  const wanted = JSON.stringify(tree);
  const [settled] = useDebouncedValue(wanted, PAUSE_MS);
  const answer = useQuery<Counted, ApiError>({
    queryKey: [`${SEGMENTS_PATH}/count`, settled],
    queryFn: () => call<Counted>("POST", `${SEGMENTS_PATH}/count`,
      { definition: JSON.parse(settled) }, { sql: true }),
    placeholderData: keepPreviousData,
  });
  return { ...answer, isStale: settled !== wanted || answer.isFetching };
}

export function Preview({ tree, counted }: {
  tree: Tree; counted: ReturnType<typeof useCounted>;
}) {
  const format = useFormat();
  const { data, error, isStale } = counted;

  return (
    <Stack gap="xs" aria-live="polite">
      <Group gap="xs" align="baseline">
        <Text fz="1.8rem" fw={600} c={error ? "dimmed" : undefined} data-testid="segment-count">
          {error || !data ? "–" : format.integer(data.count)}
        </Text>
        <Text c="dimmed">{t("segments.customers", { count: data?.count ?? 0 })}</Text>
        {isStale && <Loader size="xs" aria-label={t("segments.counting")} />}
      </Group>
      {error
        ? <Incomplete error={error} /> : <Text>{sentenceOf(tree, format)}</Text>}
    </Stack>
  );
}

function Incomplete({ error }: { error: ApiError }) {
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {t("segments.incomplete", { message: error.message, hint: error.hint ?? "" })}
    </Text>
  );
}

export function SqlView({ counted }: { counted: Counted }) {
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">{t("segments.sqlHint")}</Text>
      <Code block tabIndex={0}>{textsOf(counted.sql, "sql").join("\n")}</Code>
      {counted.values.length > 0 && (
        <Text size="sm">
          {t("selection.values")}{" "}
          {counted.values.map((value, index) => (
            <Code key={index} mr={4}>{`$${index + 1} = ${JSON.stringify(value)}`}</Code>
          ))}
        </Text>
      )}
      <Text size="sm" c="dimmed">{t("segments.linesHint")}</Text>
      <Code block tabIndex={0}>{textsOf(counted.conditions, "conditions").join("\n")}</Code>
    </Stack>
  );
}
