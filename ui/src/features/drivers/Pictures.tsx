// SPDX-License-Identifier: Apache-2.0
// What goes with the outcome and how sure that is, how much each driver explains, and whether the
// residuals look as they should.
import { Chart, DataTable } from "@/components";
import { figuresOf, textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { effectsOf, shortened, type DriversResult } from "./drivers";

interface PictureProps {
  result: DriversResult;
}

export const EFFECTS_MOST = 40;
const ROW_PX = 26;
const AXIS_PX = 64;
const NAME_MOST = 26;
const bottom = { nameLocation: "middle", nameGap: 28 } as const;
const side = { nameLocation: "middle", nameGap: 44 } as const;

export function Effects({ result }: PictureProps) {
  const format = useFormat();
  const effects = effectsOf(result, EFFECTS_MOST);
  const names = effects.map(({ name }) => name);
  const write = (value: number | null) => (value === null ? "–" : format.number(value, 2));
  const clear = effects.filter(({ low, high }) =>
    low !== null && high !== null && (low > 0 || high < 0));

  return (
    <Chart height={effects.length * ROW_PX + AXIS_PX}
           summary={t("drivers.effectsSummary", {
             clear: format.integer(clear.length), all: format.integer(effects.length),
           })}
           table={<DataTable table={result.coefficients} name={t("drivers.coefficients")}
                             maxHeight={480} />}
           option={{
             grid: { bottom: 32, top: 8 },
             tooltip: {
               trigger: "item",
               formatter: ({ dataIndex }: { dataIndex: number }) => {
                 const it = effects[Math.min(dataIndex, effects.length - 1)];
                 return it ? `${write(it.effect)} (${write(it.low)} – ${write(it.high)})` : "";
               },
             },
             xAxis: { type: "value", name: result.unit ?? "", ...bottom,
                      axisLabel: { formatter: (value: number) => format.short(value) } },
             yAxis: { type: "category", data: names, axisLine: { show: false },
                      axisLabel: { hideOverlap: false, interval: 0,
                                   formatter: (name: string) => shortened(name, NAME_MOST) } },
             series: [
               { type: "line", symbol: "none", silent: true, connectNulls: false,
                 lineStyle: { width: 3, opacity: 0.45 },
                 data: effects.flatMap(({ low, high }, i) => low === null || high === null
                   ? [] : [[low, i], [high, i], [null, null]]),
                 markLine: { symbol: "none", silent: true, label: { show: false },
                             data: [{ xAxis: 0 }] } },
               { type: "scatter", symbolSize: 9, itemStyle: { opacity: 1 },
                 data: effects.map(({ effect }, i) => [effect, i]) },
             ],
           }} />
  );
}

export function Shares({ result }: PictureProps) {
  const format = useFormat();
  const names = textsOf(result.terms, "driver").reverse();
  const shares = figuresOf(result.terms, "share").reverse();
  const write = (value: unknown) => format.share(Number(value ?? 0));
  const most = names[shares.indexOf(Math.max(...shares.map((share) => share ?? 0)))] ?? "";

  return (
    <Chart height={names.length * ROW_PX + AXIS_PX}
           summary={t("drivers.sharesSummary", { driver: most })}
           table={<DataTable table={result.terms} name={t("drivers.terms")} />}
           option={{
             grid: { bottom: 8, top: 8 },
             tooltip: { valueFormatter: write },
             xAxis: { type: "value", min: 0, axisLabel: { formatter: write } },
             yAxis: { type: "category", data: names, axisLine: { show: false },
                      axisLabel: { hideOverlap: false, interval: 0,
                                   formatter: (name: string) => shortened(name, NAME_MOST) } },
             series: [{ type: "bar", data: shares }],
           }} />
  );
}

interface PointsProps extends PictureProps {
  x: string;
  xName: string;
  y: string;
  yName: string;
  summary: string;
  lines?: object;
}

function Points({ result, x, xName, y, yName, summary, lines }: PointsProps) {
  const format = useFormat();
  const first = figuresOf(result.sample, x);
  const second = figuresOf(result.sample, y);
  const axis = { axisLabel: { formatter: (value: number) => format.short(value) } };

  return (
    <Chart height={300} summary={summary}
           table={<DataTable table={result.sample} name={t("drivers.sample")} maxHeight={360} />}
           option={{
             grid: { bottom: 24, left: 24 },
             tooltip: { trigger: "item",
                        formatter: ({ value }: { value: number[] }) =>
                          value.map((each) => format.number(each, 2)).join(" · ") },
             xAxis: { type: "value", name: xName, scale: true, ...bottom, ...axis },
             yAxis: { type: "value", name: yName, scale: true, ...side, ...axis },
             series: [{ type: "scatter", symbolSize: 5, itemStyle: { opacity: 0.55 },
                        data: first.map((value, i) => [value, second[i]]), ...lines }],
           }} />
  );
}

const zero = {
  markLine: { symbol: "none", silent: true, label: { show: false }, data: [{ yAxis: 0 }] },
};

export function Residuals({ result }: PictureProps) {
  return (
    <Points result={result} x="fitted" xName={t("drivers.expected")} y="studentised"
            yName={t("drivers.studentised")} summary={t("drivers.residualsSummary")} lines={zero} />
  );
}

export function Leverages({ result }: PictureProps) {
  return (
    <Points result={result} x="leverage" xName={t("drivers.leverage")} y="studentised"
            yName={t("drivers.studentised")} summary={t("drivers.leveragesSummary")} lines={zero} />
  );
}

export function Quantiles({ result }: PictureProps) {
  const format = useFormat();
  const normal = figuresOf(result.quantiles, "normal");
  const found = figuresOf(result.quantiles, "studentised");
  const ends = [normal[0] ?? -3, normal.at(-1) ?? 3];

  return (
    <Chart height={300}
           summary={t("drivers.quantilesSummary", {
             low: format.number(found[0] ?? 0, 1), high: format.number(found.at(-1) ?? 0, 1),
             normal: format.number(ends[1] ?? 0, 1),
           })}
           table={<DataTable table={result.quantiles} name={t("drivers.quantiles")}
                             maxHeight={360} />}
           option={{
             grid: { bottom: 24, left: 24 },
             tooltip: { trigger: "item",
                        formatter: ({ value }: { value: number[] }) =>
                          value.map((each) => format.number(each, 2)).join(" · ") },
             xAxis: { type: "value", name: t("drivers.normal"), scale: true, ...bottom },
             yAxis: { type: "value", name: t("drivers.studentised"), scale: true, ...side },
             series: [
               { type: "scatter", symbolSize: 5,
                 data: normal.map((value, i) => [value, found[i]]) },
               { type: "line", symbol: "none", silent: true, lineStyle: { type: "dashed" },
                 data: ends.map((end) => [end, end]) },
             ],
           }} />
  );
}
