// SPDX-License-Identifier: Apache-2.0
// The look of every chart, laid under what a page asks for: colours of the theme, quiet axes,
// labels in the page's font.
import type { EChartsCoreOption } from "echarts/core";
import { series, theme } from "@/theme";

type Part = Record<string, unknown>;

const PAPER = { light: "#ffffff", dark: "#1e2224" };
const INK = { light: "#495057", dark: "#b8bfc4" };
const LINE = { light: "#e4e8ea", dark: "#343a3e" };

export function dress(option: EChartsCoreOption, scheme: "light" | "dark"): EChartsCoreOption {
  const ink = INK[scheme];
  const axis = {
    axisLine: { lineStyle: { color: LINE[scheme] } },
    axisTick: { show: false },
    axisLabel: { color: ink, hideOverlap: true },
    nameTextStyle: { color: ink },
    splitLine: { lineStyle: { color: LINE[scheme] } },
  };

  return {
    color: [...series],
    animationDuration: 250,
    textStyle: { fontFamily: theme.fontFamily, color: ink },
    ...option,
    grid: lay({ left: 8, right: 16, top: 32, bottom: 8, containLabel: true }, option.grid),
    tooltip: lay({
      trigger: "axis",
      confine: true,
      backgroundColor: PAPER[scheme],
      borderColor: LINE[scheme],
      textStyle: { color: ink },
    }, option.tooltip),
    ...(option.legend
      ? { legend: lay({ top: 0, left: 0, textStyle: { color: ink } }, option.legend) } : {}),
    ...(option.visualMap
      ? { visualMap: lay({ textStyle: { color: ink } }, option.visualMap) } : {}),
    ...(option.xAxis ? { xAxis: lay(axis, option.xAxis) } : {}),
    ...(option.yAxis ? { yAxis: lay(axis, option.yAxis) } : {}),
  };
}

// `over` wins, two levels deep; a list is dressed one by one.
function lay(under: Part, over: unknown): unknown {
  if (Array.isArray(over)) return over.map((each) => lay(under, each));
  const top = (over ?? {}) as Part;
  const merged: Part = { ...under, ...top };

  for (const [name, value] of Object.entries(top)) {
    const below = under[name];
    if (isPart(value) && isPart(below)) merged[name] = { ...below, ...value };
  }
  return merged;
}

function isPart(value: unknown): value is Part {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
