// SPDX-License-Identifier: Apache-2.0
// Metrics by dimensions over any selection: the picture, the table, and what each number means.
import { MultiSelect, NativeSelect, Paper, SimpleGrid, Stack } from "@mantine/core";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, DataTable, LoadingTable, Panel, useAddressState } from "@/components";
import { NothingSelected, ReportPage } from "@/features/reports/ReportPage";
import { Computed } from "@/features/selection/Computed";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { PeriodChoice } from "@/features/selection/PeriodChoice";
import { dimensionChoices, METRICS_PATH, metricChoices, useRegistry }
  from "@/features/selection/registry";
import { useSelection, type Selection } from "@/features/selection/useSelection";
import { t } from "@/i18n";
import { MetricChart } from "./MetricChart";

const LIMITS = ["20", "50", "100", "500", "5000"];

export default function MetricsPage() {
  const selection = useSelection("all");
  const [metrics, setMetrics] = useList("metrics", "revenue_gross");
  const [by, setBy] = useList("by", "month");
  const [limit, setLimit] = useAddressState("limit", "100");
  const registry = useRegistry();
  const question = { metrics, by, limit };

  return (
    <ReportPage
      title={t("shell.metrics")} sentence={t("metrics.purpose")} selection={selection}
      actions={metrics.length > 0 &&
        <Computed of={{ metrics, by }} parameters={selection.parameters} />}
      filters={{
        words: "metrics.sentence",
        parts: {
          period: <PeriodChoice selection={selection} />,
          filters: <FilterChoice selection={selection} />,
        },
      }}>
      <Paper p="md">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <MultiSelect label={t("metrics.figures")} value={metrics} onChange={setMetrics} searchable
                       placeholder={metrics.length === 0 ? t("metrics.figuresHint") : ""}
                       data={metricChoices(registry.data)} maxValues={12} hidePickedOptions />
          <MultiSelect label={t("metrics.dimensions")} value={by} onChange={setBy} searchable
                       description={t("metrics.dimensionsHint")}
                       inputWrapperOrder={["label", "input", "description"]}
                       data={dimensionChoices(registry.data)} maxValues={3} hidePickedOptions />
          <NativeSelect label={t("metrics.limit")} value={limit} data={LIMITS}
                        onChange={(event) => setLimit(event.currentTarget.value)} />
        </SimpleGrid>
      </Paper>
      {metrics.length > 0 && <Numbers selection={selection} {...question} />}
      <Answer of={registry} loading={<LoadingTable />}>
        {(known) => (
          <Panel title={t("metrics.all")} sentence={t("metrics.allHint")}>
            <DataTable table={known.metrics} name={t("metrics.all")} hasDownload={false}
                       columns={{ name: { isHidden: true }, type: { isHidden: true } }}
                       maxHeight={480} />
          </Panel>
        )}
      </Answer>
    </ReportPage>
  );
}

// A list in the address; "-" stands for an empty one, which differs from the usual.
function useList(name: string, usual: string): [string[], (values: string[]) => void] {
  const [text, setText] = useAddressState(name, usual);
  return [
    text === "-" ? [] : text.split(","),
    (values) => setText(values.length > 0 ? values.join(",") : "-"),
  ];
}

interface Question {
  metrics: string[];
  by: string[];
  limit: string;
}

function Numbers({ metrics, by, limit, selection }: Question & { selection: Selection }) {
  const answer = useApi<{ values: Table; notices?: string[] }>(
    `${METRICS_PATH}/${metrics.join(",")}/values`, { by, limit, ...selection.parameters },
    { enabled: selection.isReady && !selection.isEmpty },
  );

  return (
    <Answer of={answer} loading={<LoadingTable />}>
      {({ values, notices }) => values.rows.length === 0
        ? <NothingSelected selection={selection} />
        : (
          <Stack gap="lg">
            {by.length > 0 && values.rows.length > 1 &&
              <MetricChart table={values} metric={metrics[0]!} by={by} />}
            <Panel title={t("reports.numbers")}>
              <DataTable table={values} name={metrics.join(" ")} maxHeight={640}
                         aside={notices?.map((notice) => <span key={notice}> · {notice}</span>)} />
            </Panel>
          </Stack>
        )}
    </Answer>
  );
}
