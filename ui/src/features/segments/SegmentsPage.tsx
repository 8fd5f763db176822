// SPDX-License-Identifier: Apache-2.0
// All segments with their sizes now and how they went. What was evaluated last stands here at once;
// the present sizes replace it when they are counted.
import { Badge, Button, Text } from "@mantine/core";
import { IconFilter, IconPlus } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, type RowView,
} from "@/components";
import { t } from "@/i18n";
import { SEGMENTS_PATH } from "./fields";
import { segmentAddress } from "./segment";
import { Sparkline } from "./Sparkline";

export default function SegmentsPage() {
  const stored = useTable(SEGMENTS_PATH, { stored: true });
  const fresh = useTable(SEGMENTS_PATH);
  const shown = fresh.data ? fresh : stored;
  const may = useMay();
  const create = may("change_segments") && (
    <Button component={Link} to="/analyze/segments/new" leftSection={<IconPlus size={16} />}>
      {t("segments.create")}
    </Button>
  );

  return (
    <Page>
      <PageHeader title={t("shell.segments")} sentence={t("segments.purpose")}>{create}</PageHeader>
      <Answer of={shown} loading={<LoadingTable />}>
        {(table) => table.rows.length === 0
          ? (
            <EmptyState icon={IconFilter} title={t("segments.noneTitle")}
                        sentence={t("segments.noneHint")}>
              {create}
            </EmptyState>
          )
          : (
            <Panel>
              <DataTable table={withTrend(table)} name={t("shell.segments")}
                         columns={{
                           entered: { isHidden: true },
                           departed: { isHidden: true },
                           as_of: { isHidden: true },
                           description: { render: (words) =>
                             <Text size="sm" c="dimmed" lineClamp={2} miw={160}>{words}</Text> },
                           live: { label: t("segments.live"),
                                   render: (isLive, row) => <Following isLive={isLive === true}
                                                                       row={row} /> },
                           behind: { isHidden: true },
                           problem: { isHidden: true },
                           trend: { label: t("segments.trend"),
                                    render: (_, row) => <Sparkline name={row.text("name")} /> },
                         }}
                         href={(row) => segmentAddress(row.text("name"))} />
            </Panel>
          )}
      </Answer>
    </Page>
  );
}

// Whether the members follow what happens, and how far behind they are when that can be noticed.
function Following({ isLive, row }: { isLive: boolean; row: RowView }) {
  const behind = Number(row.value("behind") ?? 0);
  const problem = row.text("problem");

  if (!isLive) return <Text size="sm" c="dimmed">{t("segments.notLive")}</Text>;
  if (problem) return <Text size="sm" c="red">{problem}</Text>;
  return behind < 1
    ? <Badge variant="light" color="tile" tt="none">{t("segments.followsNow")}</Badge>
    : (
      <Badge variant="default" tt="none">
        {t("segments.followsBehind", { count: Math.round(behind) })}
      </Badge>
    );
}

// A column that the server does not send: drawn from each segment's history.
function withTrend(table: Parameters<typeof DataTable>[0]["table"]) {
  const place = 2; // behind the size
  return {
    ...table,
    columns: [
      ...table.columns.slice(0, place),
      { name: "trend", label: t("segments.trend"), type: "text" as const },
      ...table.columns.slice(place),
    ],
    rows: table.rows.map((row) => [...row.slice(0, place), null, ...row.slice(place)]),
  };
}
