// SPDX-License-Identifier: Apache-2.0
// What treating the best first gains, how much the treatment changes among them, and how far
// customers of today are moved.
import { Chart, DataTable } from "@/components";
import { figuresOf, textsOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { series as colours } from "@/theme";
import type { UpliftResult } from "./uplift";

interface ChartProps {
  result: UpliftResult;
}

type Line = (number | null)[];

const bottom = { nameLocation: "middle", nameGap: 28 } as const;

// A band is drawn as its lower edge, unseen, and its height upon it.
function band(name: string, low: Line, high: Line) {
  const shared = {
    type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true,
    color: colours[0], lineStyle: { opacity: 0 },
  };

  return [
    { ...shared, name: `${name} `, data: low },
    { ...shared, name, areaStyle: { opacity: 0.18 },
      data: high.map((value, index) => (value ?? 0) - (low[index] ?? 0)) },
  ];
}

/** The Qini curve: responses gained by share treated, beside those of a choice by lot. */
export function Gained({ result }: ChartProps) {
  const format = useFormat();
  const table = result.curve;
  const shares = [0, ...figuresOf(table, "share")]
    .map((share) => format.percent(100 * (share ?? 0)));
  const gained: Line = [0, ...figuresOf(table, "gained")];
  const low: Line = [0, ...figuresOf(table, "gained_low")];
  const high: Line = [0, ...figuresOf(table, "gained_high")];
  const lot: Line = [0, ...figuresOf(table, "by_chance")];
  const third = shares.length > 6 ? 6 : shares.length - 1; // of 20 points that is 30 percent
  const write = (value: unknown) => (typeof value === "number" ? format.number(value, 1) : "–");
  const names = [t("uplift.byModel"), t("uplift.byLot"), t("uplift.interval")] as const;

  function told(points: { dataIndex: number }[]) {
    const index = points[0]?.dataIndex ?? 0;
    return [t("uplift.treatedFirst", { share: shares[index] ?? "" }),
            `${names[0]}: ${write(gained[index])} (${write(low[index])} – ${write(high[index])})`,
            `${names[1]}: ${write(lot[index])}`].join("<br>");
  }

  return (
    <Chart height={340}
           summary={t("uplift.gainedSummary", {
             third: write(gained[third]), lot: write(lot[third]), all: write(gained.at(-1)),
           })}
           table={<DataTable table={table} name={t("uplift.gained")} maxHeight={360} />}
           option={{
             legend: { data: [...names] }, grid: { bottom: 24 },
             tooltip: { trigger: "axis", formatter: told },
             xAxis: { type: "category", boundaryGap: false, data: shares,
                      name: t("uplift.shareAxis"), ...bottom },
             yAxis: { type: "value",
                      axisLabel: { formatter: (value: number) => format.short(value) } },
             series: [
               ...band(names[2], low, high),
               { name: names[0], type: "line", symbol: "none", color: colours[0],
                 lineStyle: { width: 2 }, data: gained },
               { name: names[1], type: "line", symbol: "none", color: colours[1],
                 lineStyle: { type: "dashed" }, data: lot },
             ],
           }} />
  );
}

/** The difference between the arms among those ranked first, with its interval. */
export function AtShare({ result }: ChartProps) {
  const format = useFormat();
  const table = result.curve;
  const shares = figuresOf(table, "share").map((share) => format.percent(100 * (share ?? 0)));
  const uplift = figuresOf(table, "uplift");
  const low = figuresOf(table, "low");
  const high = figuresOf(table, "high");
  const points = (value: number | null | undefined) =>
    value === null || value === undefined ? "–"
      : t("experiments.points", { points: format.number(100 * value, 2) });

  function told(found: { dataIndex: number }[]) {
    const index = found[0]?.dataIndex ?? 0;
    return [t("uplift.treatedFirst", { share: shares[index] ?? "" }),
            `${points(uplift[index])} (${points(low[index])} – ${points(high[index])})`]
      .join("<br>");
  }

  return (
    <Chart height={340}
           summary={t("uplift.atSummary", {
             tenth: points(uplift[1]), third: points(uplift[5]), all: points(uplift.at(-1)),
           })}
           table={<DataTable table={table} name={t("uplift.at")} maxHeight={360} />}
           option={{
             legend: { data: [t("uplift.difference"), t("uplift.interval")] }, grid: { bottom: 24 },
             tooltip: { trigger: "axis", formatter: told },
             xAxis: { type: "category", boundaryGap: false, data: shares,
                      name: t("uplift.shareAxis"), ...bottom },
             yAxis: { type: "value",
                      axisLabel: { formatter: (value: number) => format.percent(100 * value) } },
             series: [
               ...band(t("uplift.interval"), low, high),
               { name: t("uplift.difference"), type: "line", symbolSize: 5, color: colours[0],
                 lineStyle: { width: 2 }, data: uplift,
                 markLine: { symbol: "none", silent: true, label: { show: false },
                             data: [{ yAxis: 0 }] } },
             ],
           }} />
  );
}

/** Customers of today by the estimated difference. */
export function Tenths({ result }: ChartProps) {
  const format = useFormat();
  const table = result.tenths;
  const uplift = figuresOf(table, "uplift");
  const write = (value: unknown) =>
    t("experiments.points", { points: format.number(100 * Number(value ?? 0), 1) });

  return (
    <Chart height={300}
           summary={t("uplift.tenthsSummary", {
             first: write(uplift[0]), last: write(uplift.at(-1)),
           })}
           table={<DataTable table={table} name={t("uplift.tenths")} />}
           option={{
             tooltip: { valueFormatter: write }, grid: { bottom: 24 },
             xAxis: { type: "category", data: textsOf(table, "tenth"),
                      name: t("uplift.tenthsAxis"), ...bottom },
             yAxis: { type: "value",
                      axisLabel: { formatter: (value: number) => format.percent(100 * value) } },
             series: [{ name: t("uplift.difference"), type: "bar", data: uplift }],
           }} />
  );
}
