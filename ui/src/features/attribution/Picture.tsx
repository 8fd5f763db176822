// SPDX-License-Identifier: Apache-2.0
// Channels by rules in one picture: a bar from the least to the most credit that any rule gives, a
// mark for each rule on it.
import { Chart, DataTable } from "@/components";
import { figuresOf, textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { sharesByRule, type AttributionResult } from "./attribution";

const CHANNELS = 12; // the rest is in the table
const MARKS = ["circle", "rect", "triangle", "emptyDiamond", "emptyRect", "emptyCircle",
               "emptyTriangle", "roundRect", "diamond"];

export function Picture({ result }: { result: AttributionResult }) {
  const format = useFormat();
  const names = textsOf(result.credit, "name").slice(0, CHANNELS).map(shortened);
  const rules = sharesByRule(result.credit);
  const least = names.map((_, c) => Math.min(...rules.map(({ shares }) => shares[c] ?? 0)));
  const most = names.map((_, c) => Math.max(...rules.map(({ shares }) => shares[c] ?? 0)));
  const write = (value: unknown) => format.share(Number(Array.isArray(value) ? value[0] : value));
  const span = { type: "bar", stack: "span", barWidth: 6, silent: true, tooltip: { show: false } };

  return (
    <Chart height={130 + names.length * 34} summary={summaryOf(result, write)}
           table={<DataTable table={result.spread} name={t("attribution.spread")} />}
           option={{
             legend: { type: "scroll", data: rules.map(({ label }) => label) },
             tooltip: { trigger: "item", valueFormatter: write },
             grid: { top: 44, left: 20 },
             xAxis: { type: "value", min: 0,
                      axisLabel: { formatter: (value: number) => format.percent(value * 100) } },
             yAxis: { type: "category", inverse: true, data: names },
             series: [
               { ...span, name: "from", itemStyle: { color: "transparent" }, data: least },
               { ...span, name: "to", itemStyle: { color: "#9aa3a9", opacity: 0.35 },
                 data: most.map((share, c) => share - (least[c] ?? 0)) },
               ...rules.map(({ name, label, shares }, index) => ({
                 name: label, type: "scatter", symbol: MARKS[index % MARKS.length],
                 symbolSize: name === "markov" ? 14 : 9, z: name === "markov" ? 4 : 3,
                 data: names.map((channel, c) => [shares[c] ?? 0, channel]),
               })),
             ],
           }} />
  );
}

function shortened(name: string): string {
  return name.length > 20 ? `${name.slice(0, 19)}…` : name;
}

function summaryOf({ spread }: AttributionResult, write: (value: unknown) => string) {
  const [least, most] = [figuresOf(spread, "least"), figuresOf(spread, "most")];

  return textsOf(spread, "name").slice(0, 3).map((name, index) => t("attribution.pictureSummary", {
    name, least: write(least[index] ?? 0), most: write(most[index] ?? 0),
  })).join(" ");
}
