// SPDX-License-Identifier: Apache-2.0
// One tile of a dashboard: it asks for its own numbers, so that one that cannot be told leaves the
// others alone.
import { Anchor, Progress, Stack, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, DataTable, LoadingTable, Panel, StatTile } from "@/components";
import { FanChart } from "@/features/forecast/FanChart";
import { FORECAST_PATH, ofMetric, type Forecast } from "@/features/forecast/forecast";
import { MetricChart } from "@/features/metrics/MetricChart";
import { BRIDGE_PATH, type Bridge } from "@/features/reports/bridge";
import { Way } from "@/features/reports/BridgePage";
import { segmentAddress, segmentPath } from "@/features/segments/segment";
import { Sparkline } from "@/features/segments/Sparkline";
import { cellWriter, columnOf, figureOf } from "@/features/selection/columns";
import { METRICS_PATH } from "@/features/selection/registry";
import { selectionParameters, type Selection } from "@/features/selection/useSelection";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { Comparison, Tile } from "./dashboard";

export interface TileProps {
  tile: Tile;
  selection: Selection;
  compare: Comparison;
}

export function TileView(props: TileProps) {
  switch (props.tile.kind) {
    case "figure": return <FigureTile {...props} />;
    case "chart": return <ValuesTile {...props} />;
    case "table": return <ValuesTile {...props} />;
    case "text": return <TextTile {...props} />;
    case "segment": return <SegmentTile {...props} />;
    case "bridge": return <BridgeTile {...props} />;
    case "forecast": return <ForecastTile {...props} />;
  }
}

// The days of a selection with both ends, which comparisons need.
function boundsOf({ period, span }: Selection) {
  return { from: period.from ?? span?.first_day ?? "", to: period.to ?? span?.last_day ?? "" };
}

interface Values {
  values: Table;
}

function useValues({ tile, selection, compare }: TileProps) {
  return useApi<Values>(
    `${METRICS_PATH}/${tile.metric}/values`,
    { ...(tile.by && tile.kind !== "figure" ? { by: tile.by, limit: "100" } : {}),
      ...(compare && tile.kind === "figure" ? { compare } : {}),
      ...selectionParameters(boundsOf(selection), selection.filters) },
    { enabled: selection.isReady && !selection.isEmpty });
}

function FigureTile(props: TileProps) {
  const { tile } = props;
  const format = useFormat();
  const answer = useValues(props);

  return (
    <Answer of={answer} loading={<LoadingTable rows={1} />}>
      {({ values }) => {
        const name = tile.metric!.split(",")[0]!;
        const column = columnOf(values, name);
        const value = figureOf(values, name);
        const write = (figure: number | null) => column?.type === "money"
          ? format.amount(figure ?? 0, column.unit) : cellWriter(column, format)(figure);

        return (
          <StatTile label={tile.title || (column?.label ?? name)} value={write(value)}
                    change={figureOf(values, `${name}_change`)}
                    note={tile.target !== undefined &&
                      <Target value={value ?? 0} target={tile.target} write={write} />} />
        );
      }}
    </Answer>
  );
}

interface TargetProps {
  value: number;
  target: number;
  write: (figure: number) => string;
}

function Target({ value, target, write }: TargetProps) {
  const format = useFormat();
  const words = t("dashboards.ofTarget", {
    share: format.share(target === 0 ? 0 : value / target), target: write(target),
  });

  return (
    <Stack gap={2}>
      <Text span size="xs">{words}</Text>
      <Progress value={target > 0 ? Math.min(100, (value / target) * 100) : 0} size="sm"
                aria-label={words} />
    </Stack>
  );
}

function ValuesTile(props: TileProps) {
  const { tile } = props;
  const answer = useValues(props);
  const names = tile.metric!.split(",");

  return (
    <Answer of={answer} loading={<LoadingTable rows={6} />}>
      {({ values }) => {
        const title = tile.title || columnOf(values, names[0]!)?.label || names.join(", ");

        if (tile.kind === "chart" && values.rows.length > 1)
          return <MetricChart table={values} metric={names[0]!} by={[tile.by!]}
                              {...(tile.shape && { shape: tile.shape })}
                              {...(tile.title && { title: tile.title })} />;
        return (
          <Panel title={title}>
            <DataTable table={values} name={title} maxHeight={360} />
          </Panel>
        );
      }}
    </Answer>
  );
}

// Words stand as they were written: nothing in them is markup.
function TextTile({ tile }: TileProps) {
  return (
    <Panel {...(tile.title && { title: tile.title })}>
      <Text style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{tile.text}</Text>
    </Panel>
  );
}

function SegmentTile({ tile }: TileProps) {
  const name = tile.segment!;
  const answer = useApi<{ count: number }>(`${segmentPath(name)}/count`);

  return (
    <Answer of={answer} loading={<LoadingTable rows={1} />}>
      {({ count }) => (
        <Panel title={tile.title || name}>
          <Anchor component={Link} to={segmentAddress(name)} fw={600}>
            {t("dashboards.segmentSize", { count })}
          </Anchor>
          <Sparkline name={name} />
        </Panel>
      )}
    </Answer>
  );
}

function BridgeTile({ tile, selection, compare }: TileProps) {
  const way = tile.way ?? "articles";
  const answer = useApi<Bridge>(
    BRIDGE_PATH,
    { compare: compare || "year", ...selectionParameters(boundsOf(selection), selection.filters) },
    { enabled: selection.isReady && !selection.isEmpty });
  const words = {
    articles: [t("reports.bridgeArticles"), t("reports.bridgeArticlesHint")],
    receipts: [t("reports.bridgeReceipts"), t("reports.bridgeReceiptsHint")],
    customers: [t("reports.bridgeCustomers"), t("reports.bridgeCustomersHint")],
  }[way] as [string, string];

  return (
    <Answer of={answer} loading={<LoadingTable rows={6} />}>
      {(bridge) => (
        <Way title={tile.title || `${t("shell.reportBridge")}: ${words[0]}`} hint={words[1]}
             before={figureOf(bridge.total, "before") ?? 0} table={bridge[way]} />
      )}
    </Answer>
  );
}

function ForecastTile({ tile }: TileProps) {
  const answer = useApi<Forecast>(FORECAST_PATH);
  const link = (
    <Anchor component={Link} to="/analyze/forecast" size="sm">{t("dashboards.toForecast")}</Anchor>
  );

  return (
    <Panel title={tile.title || t("shell.forecast")} aside={link}>
      <Answer of={answer} loading={<LoadingTable rows={6} />}>
        {({ result }) => result?.totals[0]
          ? <FanChart series={result.totals[0]} grain={result.grain}
                      numbers={ofMetric(result.ahead, result.totals[0].metric_label)} />
          : <Text c="dimmed">{t("dashboards.noForecast")}</Text>}
      </Answer>
    </Panel>
  );
}
