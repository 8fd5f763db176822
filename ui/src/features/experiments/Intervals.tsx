// SPDX-License-Identifier: Apache-2.0
// How far each arm is from the control, and how sure that is: a dot with its interval beside 0.
import { Chart } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { Outcome } from "./experiments";

const ROW_PX = 34;
const AXIS_PX = 64;

export function Intervals({ outcome }: { outcome: Outcome }) {
  const format = useFormat();
  const { intervals } = outcome;
  const isShare = outcome.measure === "share";
  const write = (value: number | null) => value === null ? "–"
    : isShare ? t("experiments.points", { points: format.number(100 * value, 2) })
    : outcome.unit ? format.amount(value, outcome.unit) : format.number(value, 2);
  const words = intervals.map(({ arm, difference, low, high }) => t("experiments.interval", {
    arm, difference: write(difference), low: write(low), high: write(high),
  }));

  return (
    <Chart height={intervals.length * ROW_PX + AXIS_PX} summary={words.join(" ")}
           option={{
             grid: { left: 8, right: 24, top: 8, bottom: 32, containLabel: true },
             tooltip: {
               trigger: "item", renderMode: "richText",
               formatter: ({ dataIndex }: { dataIndex: number }) => words[dataIndex] ?? "",
             },
             xAxis: {
               type: "value",
               axisLabel: {
                 hideOverlap: true,
                 formatter: (value: number) =>
                   isShare ? format.number(100 * value, 1) : format.number(value, 2),
               },
             },
             yAxis: {
               type: "category", data: intervals.map(({ arm }) => arm), inverse: true,
               axisLine: { show: false },
               axisLabel: { interval: 0, width: 110, overflow: "truncate" },
             },
             series: [
               { type: "line", symbol: "none", silent: true, connectNulls: false,
                 lineStyle: { width: 4, opacity: 0.45 },
                 data: intervals.flatMap(({ low, high }, index) => low === null || high === null
                   ? [] : [[low, index], [high, index], [null, null]]),
                 markLine: { symbol: "none", silent: true, label: { show: false },
                             data: [{ xAxis: 0 }] } },
               { type: "scatter", symbolSize: 11, itemStyle: { opacity: 1 },
                 data: intervals.map(({ difference }, index) => [difference, index]) },
             ],
           }} />
  );
}
