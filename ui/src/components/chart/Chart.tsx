// SPDX-License-Identifier: Apache-2.0
// A picture of a table. ECharts is fetched when the first one is drawn. For who cannot see it there
// is a sentence that says what it shows (`summary`), and the same numbers as a table behind a
// button.
import { Box, Button, Skeleton, Text } from "@mantine/core";
import { IconChartBar, IconTable } from "@tabler/icons-react";
import type { EChartsCoreOption } from "echarts/core";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { t } from "@/i18n";

const Drawing = lazy(() => import("./Drawing"));

export interface ChartProps {
  // What ECharts draws. Colours, fonts, grid and dark mode are set already; lines, bars, heat maps,
  // scatters, streams and pies are there (Drawing.tsx).
  option: EChartsCoreOption;
  summary: string; // "Revenue rose from 1.2 to 1.4 million euro in twelve months."
  height?: number; // px
  table?: ReactNode; // <DataTable …> of the same numbers
  onPick?: (point: { name: string; seriesName: string; dataIndex: number }) => void;
}

export function Chart({ option, summary, height = 300, table, onPick }: ChartProps) {
  const [isTable, setIsTable] = useState(false);
  const Icon = isTable ? IconChartBar : IconTable;

  return (
    <Box>
      {isTable ? table : (
        <div role="img" aria-label={summary}>
          <Suspense fallback={<Skeleton height={height} />}>
            <Drawing option={option} height={height} {...(onPick ? { onPick } : {})} />
          </Suspense>
        </div>
      )}
      {table && (
        <Button mt={4} variant="subtle" size="compact-sm" leftSection={<Icon size={16} />}
                onClick={() => setIsTable(!isTable)} className="no-print">
          {t(isTable ? "common.chartPicture" : "common.chartTable")}
        </Button>
      )}
      <Text className="heard">{summary}</Text>
    </Box>
  );
}
