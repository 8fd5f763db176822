// SPDX-License-Identifier: Apache-2.0
// A long list of the API, page behind page: each answer names the "after" of the next one.
import { Button, Group, Stack, Text } from "@mantine/core";
import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult }
  from "@tanstack/react-query";
import type { ReactNode } from "react";
import { get, type ApiError, type Parameters, type Table } from "@/api/client";
import { ErrorState, LoadingTable } from "@/components";
import { t } from "@/i18n";

export interface PageAnswer {
  next?: string;
}

export type Pages<Answer> = UseInfiniteQueryResult<InfiniteData<Answer>, ApiError>;

export function usePages<Answer extends PageAnswer>(
  path: string, parameters: Parameters,
): Pages<Answer> {
  return useInfiniteQuery<Answer, ApiError>({
    queryKey: [path, { ...parameters, pages: true }],
    queryFn: ({ pageParam, signal }) =>
      get<Answer>(path, { ...parameters, after: String(pageParam) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });
}

export interface MorePagesProps<Answer> {
  of: Pages<Answer>;
  rows: (answer: Answer) => Table;
  size: (answer: Answer) => number; // of all pages together
  empty?: ReactNode; // in place of a list of none
  aside?: ReactNode; // at the right of the count
  children: (table: Table) => ReactNode; // with the rows of all pages so far
}

export function MorePages<Answer>(props: MorePagesProps<Answer>) {
  const { of, rows, size, empty, aside, children } = props;
  const first = of.data?.pages[0];

  if (of.isError) return <ErrorState error={of.error} onRetry={() => of.refetch()} />;
  if (!of.data || first === undefined) return <LoadingTable />;
  if (size(first) === 0 && empty) return empty;
  const all = of.data.pages.flatMap((page) => rows(page).rows);

  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t("selection.shownOf", { shown: all.length, size: size(first) })}
        </Text>
        {aside}
      </Group>
      {children({ ...rows(first), rows: all, row_count: all.length })}
      {of.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={of.isFetchingNextPage}
                  onClick={() => of.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
