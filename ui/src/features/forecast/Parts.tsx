// SPDX-License-Identifier: Apache-2.0
// The same by store, category and so on: small pictures beside each other, the largest first.
import { Button, Group, SegmentedControl, SimpleGrid, Stack, Text } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { get, type ApiError } from "@/api/client";
import { Answer, DataTable, LoadingTable, Panel, useAddressState } from "@/components";
import { humanised } from "@/format";
import { t } from "@/i18n";
import {
  ofMetric, SERIES_PATH, type ForecastResult, type Series, type SeriesPage,
} from "./forecast";
import { SmallFan } from "./SmallFan";

const LIMIT = 24;

interface PartsProps {
  result: ForecastResult;
  run: string;
  total: Series; // of the metric that is looked at
}

export function Parts({ result, run, total }: PartsProps) {
  const [asked, setBy] = useAddressState("by", result.by[0] ?? "");
  const by = result.by.includes(asked) ? asked : (result.by[0] ?? "");

  if (!by)
    return (
      <Panel title={t("forecast.parts")}>
        <Text size="sm" c="dimmed">{t("forecast.noParts")}</Text>
      </Panel>
    );
  return (
    <Panel title={t("forecast.parts")} sentence={t("forecast.partsHint")}
           aside={result.by.length > 1 && (
             <SegmentedControl size="xs" value={by} onChange={setBy}
                               aria-label={t("forecast.by")}
                               data={result.by.map((name) =>
                                 ({ value: name, label: humanised(name) }))} />
           )}>
      <Stack gap="md">
        <Cards key={`${run} ${total.metric} ${by}`} run={run} metric={total.metric} by={by} />
        <div>
          <Text size="sm" mb="xs">{t("forecast.sumsHint")}</Text>
          <DataTable table={ofMetric(result.parts, total.metric_label)} name={t("forecast.sums")} />
        </div>
      </Stack>
    </Panel>
  );
}

function Cards({ run, metric, by }: { run: string; metric: string; by: string }) {
  const pages = useInfiniteQuery<SeriesPage, ApiError, Series[], unknown[], string | undefined>({
    queryKey: [SERIES_PATH, run, metric, by],
    queryFn: ({ pageParam, signal }) =>
      get<SeriesPage>(SERIES_PATH,
                      { run, metric, by, limit: LIMIT, ...(pageParam ? { after: pageParam } : {}) },
                      signal),
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next,
    select: ({ pages: all }) => all.flatMap(({ series }) => series),
    placeholderData: keepPreviousData,
  });

  return (
    <Answer of={pages} loading={<LoadingTable rows={4} />}>
      {(series) => (
        <>
          {series.length === 0 && <Text size="sm" c="dimmed">{t("forecast.partsGone")}</Text>}
          <SimpleGrid cols={{ base: 1, xs: 2, md: 3, xl: 4 }} spacing="sm">
            {series.map((each) => (
              <SmallFan key={`${each.value ?? ""} ${each.label ?? ""}`} series={each} />
            ))}
          </SimpleGrid>
          {pages.hasNextPage && (
            <Group justify="center" mt="sm">
              <Button variant="default" loading={pages.isFetchingNextPage}
                      onClick={() => void pages.fetchNextPage()}>
                {t("common.more")}
              </Button>
            </Group>
          )}
        </>
      )}
    </Answer>
  );
}
