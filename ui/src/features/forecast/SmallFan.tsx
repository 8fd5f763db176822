// SPDX-License-Identifier: Apache-2.0
// One series as small as a card, to be compared with its neighbours: each on a scale of its own.
import { Group, Paper, Text } from "@mantine/core";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { ahead, changeAhead, figureWriter, isDistinct, type Series } from "./forecast";

const WIDTH = 240;
const HEIGHT = 72;
const PAST_MOST = 60;

export function SmallFan({ series }: { series: Series }) {
  const format = useFormat();
  const write = figureWriter(series, format);
  const change = changeAhead(series);
  const name = series.label ?? series.value ?? t("forecast.notStated");

  return (
    <Paper p="xs" withBorder style={{ minWidth: 0 }}>
      <Group justify="space-between" gap={4} wrap="nowrap">
        <Text size="sm" fw={500} truncate title={name}>{name}</Text>
        <Text size="sm" style={{ whiteSpace: "nowrap" }}>
          {change === null ? "" : format.change(change)}
        </Text>
      </Group>
      <Drawing series={series} name={name} />
      <Text size="xs" c="dimmed">
        {t(isDistinct(series) ? "forecast.cardEach" : "forecast.card",
           { sum: write(ahead(series)), model: series.model })}
      </Text>
    </Paper>
  );
}

function Drawing({ series, name }: { series: Series; name: string }) {
  const format = useFormat();
  const history = series.history.slice(-PAST_MOST);
  const all = [...history, ...series.mean, ...series.low_80, ...series.high_80]
    .filter((value) => value !== null);
  const low = Math.min(0, ...all);
  const range = Math.max(...all) - low || 1;
  const count = history.length + series.mean.length;
  const point = (value: number | null, index: number) =>
    `${((index / Math.max(1, count - 1)) * WIDTH).toFixed(1)},` +
    (HEIGHT - 2 - (((value ?? low) - low) / range) * (HEIGHT - 4)).toFixed(1);
  const behind = (values: (number | null)[]) =>
    values.map((value, index) => point(value, history.length + index));
  const hasRange = series.low_80.every((value) => value !== null);
  const colour = "var(--mantine-primary-color-filled)";

  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width="100%" height={HEIGHT} role="img"
         preserveAspectRatio="none" style={{ display: "block" }}
         aria-label={t("forecast.cardSummary", {
           name, last: format.short(history.at(-1) ?? 0), next: format.short(series.mean[0] ?? 0),
         })}>
      {hasRange && (
        <polygon fill={colour} opacity={0.25}
                 points={[...behind(series.low_80),
                          ...behind(series.high_80).reverse()].join(" ")} />
      )}
      <polyline fill="none" stroke="currentColor" strokeWidth={1.2}
                vectorEffect="non-scaling-stroke" points={history.map(point).join(" ")} />
      <polyline fill="none" stroke={colour} strokeWidth={1.6} strokeDasharray="4 3"
                vectorEffect="non-scaling-stroke"
                points={[point(history.at(-1) ?? null, history.length - 1),
                         ...behind(series.mean)].join(" ")} />
    </svg>
  );
}
