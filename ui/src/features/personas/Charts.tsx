// SPDX-License-Identifier: Apache-2.0
// The map by principal components, and how good each number of personas is.
import { Chart, DataTable } from "@/components";
import { figuresOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { rowsOf, type Card, type PersonasResult } from "./personas";

interface ChartProps {
  result: PersonasResult;
  cards: Card[];
}

const bottom = { nameLocation: "middle", nameGap: 28 } as const;

export function PersonaMap({ result, cards }: ChartProps) {
  const points = rowsOf(result.map);

  return (
    <Chart height={380}
           summary={t("personas.mapSummary", { points: points.length, count: cards.length })}
           table={<DataTable table={result.axes} name={t("personas.axes")} />}
           option={{
             legend: { type: "plain" }, tooltip: { trigger: "item", formatter: "{a}" },
             grid: { top: 24 + 24 * Math.ceil(cards.length / 2), bottom: 8 },
             xAxis: { type: "value", axisLabel: { show: false } },
             yAxis: { type: "value", axisLabel: { show: false } },
             series: cards.map(({ number, name }) => ({
               name, type: "scatter", symbolSize: 5, itemStyle: { opacity: 0.7 },
               data: points.filter(({ persona }) => persona === number)
                 .map(({ across, up }) => [across, up]),
             })),
           }} />
  );
}

export function Choice({ result, cards }: ChartProps) {
  const format = useFormat();
  const silhouettes = figuresOf(result.choice, "silhouette");
  const stabilities = figuresOf(result.choice, "stability");
  const tried = figuresOf(result.choice, "personas");
  const chosen = tried.indexOf(cards.length);
  const write = (value: unknown) => format.number(Number(value ?? 0), 2);

  return (
    <Chart height={320}
           summary={t("personas.choiceSummary", {
             count: cards.length, silhouette: write(silhouettes[chosen]),
             stability: write(stabilities[chosen]),
           })}
           table={<DataTable table={result.choice} name={t("personas.choice")} />}
           option={{
             legend: {}, tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: tried.map(String), name: t("personas.choiceAxis"),
                      ...bottom },
             yAxis: { type: "value", min: 0, max: 1 },
             series: [
               { name: t("personas.silhouetteName"), type: "line", data: silhouettes,
                 ...(chosen >= 0 ? { markLine: {
                   symbol: "none", silent: true, label: { show: false }, data: [{ xAxis: chosen }],
                 } } : {}) },
               { name: t("personas.stabilityName"), type: "line", data: stabilities },
             ],
           }} />
  );
}
