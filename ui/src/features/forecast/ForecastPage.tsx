// SPDX-License-Identifier: Apache-2.0
// What comes next: the picture, how such forecasts did on the past beside the naive one, when not
// to trust it, and the same by store, category and so on.
import { List, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconTrendingUp } from "@tabler/icons-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, StatTile, useAddressState,
} from "@/components";
import { RunProgress, Warnings } from "@/features/analysis/Run";
import { useFormat, type Format } from "@/format";
import { t } from "@/i18n";
import { FanChart } from "./FanChart";
import {
  ahead, changeAhead, figureWriter, FORECAST_PATH, isDistinct, ofMetric, periodName,
  type Forecast, type ForecastResult, type Series,
} from "./forecast";
import { Parts } from "./Parts";
import { RunForm } from "./RunForm";

export default function ForecastPage() {
  const answer = useApi<Forecast>(FORECAST_PATH);
  const [job, setJob] = useState<string>();

  return (
    <Page width="wide">
      <PageHeader title={t("shell.forecast")} sentence={t("forecast.purpose")} />
      {job && <RunProgress key={job} id={job} onDone={answer.refetch} />}
      <Answer of={answer} loading={<LoadingTable rows={10} />}>
        {({ result, run, ran_at }) => result && run
          ? <Told result={result} run={run} ranAt={ran_at ?? ""} onStart={setJob} />
          : (
            <EmptyState icon={IconTrendingUp} title={t("forecast.never")}
                        sentence={t("forecast.neverHint")}>
              {!job && <RunForm isFirst onStart={setJob} />}
            </EmptyState>
          )}
      </Answer>
    </Page>
  );
}

interface ToldProps {
  result: ForecastResult;
  run: string;
  ranAt: string;
  onStart: (job: string) => void;
}

function Told({ result, run, ranAt, onStart }: ToldProps) {
  const [asked, setMetric] = useAddressState("metric", result.metrics[0] ?? "");
  const series = result.totals.find(({ metric }) => metric === asked) ?? result.totals[0]!;

  return (
    <Stack gap="lg">
      <Panel title={t("forecast.fan", { metric: series.metric_label })}
             sentence={<Reading series={series} result={result} />}>
        {result.totals.length > 1 && (
          <SegmentedControl size="xs" mb="sm" value={series.metric} onChange={setMetric}
                            aria-label={t("forecast.metric")}
                            data={result.totals.map(({ metric, metric_label: label }) =>
                              ({ value: metric, label }))} />
        )}
        <FanChart series={series} grain={result.grain}
                  numbers={ofMetric(result.ahead, series.metric_label)} />
      </Panel>
      <Figures series={series} result={result} ranAt={ranAt} />
      <Warnings title={t("forecast.warnings")}
                warnings={[...result.warnings, t("forecast.always")]} />
      <Panel title={t("forecast.tests")} sentence={<TestsHint series={series} />}>
        <DataTable table={ofMetric(result.tests, series.metric_label)}
                   name={t("forecast.tests")} />
      </Panel>
      <Parts result={result} run={run} total={series} />
      <Panel title={t("forecast.again")} sentence={t("forecast.againHint")}>
        <RunForm isFirst={false} onStart={onStart} />
      </Panel>
      <Computation result={result} />
    </Stack>
  );
}

interface SeriesProps {
  series: Series;
  result: ForecastResult;
}

function Reading({ series, result }: SeriesProps) {
  const format = useFormat();
  const write = figureWriter(series, format);
  const first = series.periods[series.history.length] ?? "";

  return (
    <>
      {t(series.low_80[0] === null ? "forecast.readingBare" : "forecast.reading", {
        period: periodName(first, result.grain, format), mean: write(series.mean[0]),
        low: write(series.low_80[0]), high: write(series.high_80[0]),
      })}
    </>
  );
}

function Figures({ series, result, ranAt }: SeriesProps & { ranAt: string }) {
  const format = useFormat();
  const write = figureWriter(series, format);
  const sum = ahead(series);
  const errors = series.errors[series.method];

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t(`forecast.${isDistinct(series) ? "each" : "sum"}_${result.grain}`,
                         { count: result.horizon })}
                value={series.type === "money"
                  ? format.short(sum, series.unit ?? undefined) : format.short(sum)}
                exact={write(sum)} change={changeAhead(series)}
                note={rangeOf(series, format) ?? t("forecast.sumNote")} />
      <StatTile label={t("forecast.model")} value={t(`forecast.method_${series.method}`)}
                note={series.model} />
      <StatTile label={t("forecast.error")}
                value={errors.smape === null ? "–" : format.share(errors.smape)}
                note={t("forecast.errorNote", {
                  naive: series.errors.naive.smape === null
                    ? "–" : format.share(series.errors.naive.smape),
                })} />
      <StatTile label={t("forecast.covered")}
                value={errors.coverage_80 === null ? "–" : format.share(errors.coverage_80)}
                note={t("forecast.asOf", {
                  day: format.day(result.as_of), ran: ranAt ? format.ago(ranAt) : "",
                })} />
    </SimpleGrid>
  );
}

/** Of the sum; of what is distinct there is none, and runs of before did not say it. */
function rangeOf(series: Series, format: Format): string | null {
  const { low_80: low, high_80: high } = series.total ?? {};
  const write = figureWriter(series, format);

  if (isDistinct(series) || low == null || high == null) return null;
  return t("forecast.sumRange", { low: write(low), high: write(high) });
}

function TestsHint({ series }: { series: Series }) {
  if (series.origins === 0) return <>{t("forecast.testsNone")}</>;
  return (
    <>
      {t(series.method === "naive" ? "forecast.testsNaive" : "forecast.testsHint", {
        count: series.origins, ahead: series.tested_horizon,
      })}
    </>
  );
}

function Computation({ result }: { result: ForecastResult }) {
  const format = useFormat();

  return (
    <Panel title={t("forecast.computed")}
           sentence={t("forecast.computedHint", {
             from: format.day(result.from), to: format.day(result.as_of), season: result.season,
             series: result.series, naive: result.naive, seed: result.seed, paths: result.paths,
           })}>
      <List size="sm">
        {result.skipped_first_days + result.skipped_last_days > 0 && (
          <List.Item>
            {t("forecast.skipped", {
              first: result.skipped_first_days, last: result.skipped_last_days,
            })}
          </List.Item>
        )}
        {result.closed_days > 0 && (
          <List.Item>{t("forecast.closed", { count: result.closed_days })}</List.Item>
        )}
        {result.closed_weekdays.length > 0 && (
          <List.Item>
            {t("forecast.closedWeekdays", { count: result.closed_weekdays.length })}
          </List.Item>
        )}
        {result.left_out > 0 && (
          <List.Item>{t("forecast.leftOut", { count: result.left_out })}</List.Item>
        )}
      </List>
      <Text size="sm">{t("forecast.ranges")}</Text>
    </Panel>
  );
}
