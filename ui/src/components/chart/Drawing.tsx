// SPDX-License-Identifier: Apache-2.0
// The only file that loads ECharts. To draw another kind of picture: its chart and components here.
import { useComputedColorScheme } from "@mantine/core";
import {
  BarChart, HeatmapChart, LineChart, PieChart, SankeyChart, ScatterChart,
} from "echarts/charts";
import {
  AriaComponent, DataZoomComponent, GridComponent, LegendComponent, MarkLineComponent,
  TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { init, use, type ECharts, type EChartsCoreOption } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { dress } from "./dress";

use([
  AriaComponent, BarChart, DataZoomComponent, GridComponent, HeatmapChart, LegendComponent,
  LineChart, MarkLineComponent, PieChart, SankeyChart, ScatterChart, SVGRenderer,
  TooltipComponent, VisualMapComponent,
]);

export interface DrawingProps {
  option: EChartsCoreOption;
  height: number;
  onPick?: (point: { name: string; seriesName: string; dataIndex: number }) => void;
}

export default function Drawing({ option, height, onPick }: DrawingProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts | null>(null);
  const pick = useRef(onPick);
  const scheme = useComputedColorScheme("light");

  pick.current = onPick;
  useEffect(() => {
    const element = place.current!;
    const drawn = init(element, null, { renderer: "svg" });
    const observer = new ResizeObserver(() => drawn.resize());

    drawn.on("click", ({ name, seriesName = "", dataIndex }) =>
      pick.current?.({ name, seriesName, dataIndex }));
    observer.observe(element);
    chart.current = drawn;
    return () => {
      observer.disconnect();
      drawn.dispose();
    };
  }, []);
  useEffect(() => {
    chart.current?.setOption(dress(option, scheme), { notMerge: true });
  }, [option, scheme]);

  return <div ref={place} style={{ height }} aria-hidden />;
}
