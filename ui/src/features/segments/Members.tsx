// SPDX-License-Identifier: Apache-2.0
// Who is in a segment, since when and why, a page at a time.
import { Button, Group, Stack, Switch, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, type ApiError, type Table } from "@/api/client";
import { DataTable, EmptyState, ErrorState, LoadingTable } from "@/components";
import { t } from "@/i18n";
import { segmentPath } from "./segment";

const PAGE = 100;

interface MembersAnswer {
  size: number;
  members: Table;
  next?: string;
}

export function Members({ name }: { name: string }) {
  const [why, setWhy] = useState(true);
  const path = `${segmentPath(name)}/members`;
  const pages = useInfiniteQuery<MembersAnswer, ApiError>({
    queryKey: [path, { why }],
    queryFn: ({ pageParam, signal }) =>
      get<MembersAnswer>(path, { limit: PAGE, why, after: String(pageParam) }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });

  if (pages.isError) return <ErrorState error={pages.error} onRetry={() => pages.refetch()} />;
  if (!pages.data) return <LoadingTable />;
  const [first] = pages.data.pages;
  if (!first || first.size === 0)
    return <EmptyState title={t("segments.noMembers")} sentence={t("segments.noMembersHint")} />;
  const rows = pages.data.pages.flatMap(({ members }) => members.rows);

  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t("segments.shownOf", { shown: rows.length, size: first.size })}
        </Text>
        <Switch size="sm" label={t("segments.showWhy")} checked={why}
                onChange={(event) => setWhy(event.currentTarget.checked)} />
      </Group>
      <DataTable table={{ ...first.members, rows, row_count: rows.length }}
                 name={t("segments.membersOf", { name })}
                 columns={{
                   customer: { isHidden: true },
                   number: { render: (number) => number ?? t("rfm.noNumber") },
                   why: { render: (reasons) => <Why reasons={String(reasons ?? "")} /> },
                 }}
                 href={(row) => `/customers/${row.text("customer")}`} />
      {pages.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={pages.isFetchingNextPage}
                  onClick={() => pages.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Why({ reasons }: { reasons: string }) {
  return (
    <div style={{ minWidth: "14rem", whiteSpace: "normal" }}>
      {reasons.split("; ").map((reason, index) => <Text key={index} size="sm">{reason}</Text>)}
    </div>
  );
}
