// SPDX-License-Identifier: Apache-2.0
// What was, and what may come: the forecast with the ranges of 80 and 95 in a hundred.
import { useMemo } from "react";
import { Chart, DataTable } from "@/components";
import { useFormat, type Format } from "@/format";
import { t } from "@/i18n";
import { series as colours } from "@/theme";
import type { Table } from "@/api/client";
import { ahead, figureWriter, isDistinct, periodName, type Grain, type Series } from "./forecast";

const PAST_MOST = 156; // periods of the history that are drawn

interface FanChartProps {
  series: Series;
  grain: Grain;
  numbers: Table; // the same as rows
}

export function FanChart({ series, grain, numbers }: FanChartProps) {
  const format = useFormat();
  const option = useMemo(() => optionOf(series, grain, format), [series, grain, format]);
  const write = figureWriter(series, format);

  return (
    <Chart height={360} option={option}
           summary={t(isDistinct(series) ? "forecast.fanSummaryEach" : "forecast.fanSummary", {
             metric: series.metric_label, count: series.mean.length,
             sum: write(ahead(series)), first: write(series.mean[0]),
             low: write(series.low_80[0]), high: write(series.high_80[0]),
           })}
           table={<DataTable table={numbers} name={t("forecast.ahead")} maxHeight={360} />} />
  );
}

type Line = (number | null)[];

// A band is drawn as its lower edge, unseen, and its height upon it.
function band(name: string, stack: string, past: Line, low: Line, high: Line, opacity: number) {
  const height = high.map((value, index) => (value === null ? null : value - (low[index] ?? 0)));
  const shared = {
    type: "line", stack, stackStrategy: "all", symbol: "none", silent: true, color: colours[0],
    lineStyle: { opacity: 0 },
  };

  return [
    { ...shared, name: `${name} `, data: [...past, ...low] },
    { ...shared, name, areaStyle: { opacity }, data: [...past, ...height] },
  ];
}

function optionOf(series: Series, grain: Grain, format: Format) {
  const history = series.history.slice(-PAST_MOST);
  const periods = series.periods.slice(-(history.length + series.mean.length));
  const none: Line = history.map(() => null);
  const names = [
    t("forecast.past"), t("forecast.forecast"), t("forecast.range80"), t("forecast.range95"),
  ] as const;
  const write = figureWriter(series, format);
  // The forecast begins where the past ends, so that the line is whole.
  const joined: Line = [...none.slice(0, -1), history.at(-1) ?? null, ...series.mean];

  function told(points: { dataIndex: number }[]) {
    const index = points[0]?.dataIndex ?? 0;
    const place = index - history.length;
    const rows = place < 0
      ? [[names[0], write(history[index])]]
      : [[names[1], write(series.mean[place])],
         [names[2], `${write(series.low_80[place])} – ${write(series.high_80[place])}`],
         [names[3], `${write(series.low_95[place])} – ${write(series.high_95[place])}`]];
    return [periodName(periods[index] ?? "", grain, format),
            ...rows.map(([name, value]) => `${name}: ${value}`)].join("<br>");
  }

  return {
    legend: { type: "scroll", data: [...names] }, grid: { right: 40 },
    tooltip: { trigger: "axis", formatter: told },
    xAxis: { type: "category", boundaryGap: false,
             data: periods.map((period) => periodName(period, grain, format)) },
    yAxis: { type: "value", axisLabel: { formatter: (value: number) => format.short(value) } },
    series: [
      ...band(names[3], "95", none, series.low_95, series.high_95, 0.15),
      ...band(names[2], "80", none, series.low_80, series.high_80, 0.25),
      { name: names[0], type: "line", symbol: "none", color: colours[1], data: history },
      { name: names[1], type: "line", symbol: "none", color: colours[0],
        lineStyle: { type: "dashed", width: 2 }, data: joined },
    ],
  };
}
