// SPDX-License-Identifier: Apache-2.0
// The month in figures and pictures, compared with the same days a year before.
import { Button, Grid, SimpleGrid } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, EmptyState, LoadingTiles, Page, PageHeader, StatTile,
} from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { RunningPanel } from "../jobs/JobsPage";
import { Decisions } from "./Decisions";
import { Groups } from "./Groups";
import { Leagues } from "./Leagues";
import { changeOf, figureOf, isMonthEnd, lastOf, spanBefore, unitOf, type Span } from "./month";
import { RevenueByMonth } from "./RevenueByMonth";

interface Values {
  values: Table;
}

const values = (names: string) => `/api/v1/metrics/${names}/values`;

export function Glance() {
  const months = useApi<Values>(values("revenue_gross"), { by: "month" });
  const month = lastOf(months.data?.values, "month");
  const days = useApi<Values>(values("revenue_gross"), { by: "day", from: `${month}-01` }, {
    enabled: month !== undefined,
  });
  const day = lastOf(days.data?.values, "day");
  const span = month && day?.startsWith(month) ? { from: `${month}-01`, to: day } : undefined;

  return (
    <Page width="wide">
      <Head span={span} />
      <Answer of={months} loading={<LoadingTiles />}>
        {(data) => data.values.rows.length === 0
          ? <NothingSold />
          : (
            <>
              {span ? <Tiles span={span} /> : <LoadingTiles />}
              <Grid mt="md">
                <Grid.Col span={{ base: 12, lg: 8 }}>
                  <RevenueByMonth table={data.values}
                                  isPartial={span !== undefined && !isMonthEnd(span.to)} />
                </Grid.Col>
                <Grid.Col span={{ base: 12, lg: 4 }}><Groups /></Grid.Col>
              </Grid>
              {span && <Leagues span={span} />}
            </>
          )}
      </Answer>
    </Page>
  );
}

function Head({ span }: { span: Span | undefined }) {
  const format = useFormat();
  const may = useMay();

  return (
    <>
      <PageHeader title={span ? format.monthLong(span.from.slice(0, 7)) : t("shell.home")}
                  sentence={span && t("home.monthSentence", {
                    from: format.day(span.from), to: format.day(span.to),
                  })} />
      {may("read_jobs") && <RunningPanel />}
      <Decisions />
    </>
  );
}

function NothingSold() {
  const may = useMay();

  return (
    <EmptyState icon={IconFileImport} title={t("home.noSales")} sentence={t("home.noSalesHint")}>
      {may("import") && (
        <Button component={Link} to="/plug/imports/new">{t("home.ownDo")}</Button>
      )}
    </EmptyState>
  );
}

const NAMES = ["revenue_gross", "receipts", "basket_value", "customers"] as const;

function Tiles({ span }: { span: Span }) {
  const path = values(NAMES.join(","));
  const now = useApi<Values>(path, { ...span });
  const before = useApi<Values>(path, { ...spanBefore(span) });

  return (
    <Answer of={now} loading={<LoadingTiles />}>
      {(data) => (
        <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
          {NAMES.map((name) => (
            <Tile key={name} name={name} now={data.values} before={before.data?.values} />
          ))}
        </SimpleGrid>
      )}
    </Answer>
  );
}

function Tile({ name, now, before }: {
  name: (typeof NAMES)[number]; now: Table; before: Table | undefined;
}) {
  const format = useFormat();
  const column = now.columns.find((each) => each.name === name);
  const figure = figureOf(now, name);
  const former = figureOf(before, name);
  const unit = unitOf(now, name);
  const write = (value: number) => (unit ? format.amount(value, unit) : format.integer(value));

  return (
    <StatTile label={column?.label ?? name} to={`/analyze/metrics?metric=${name}&by=month`}
              value={figure === null ? t("common.none") : rounded(figure)}
              {...(figure === null ? {} : { exact: write(figure) })}
              change={changeOf(figure, former)}
              note={former === null ? t("home.nothingBefore") : t("home.after", {
                before: rounded(former),
              })} />
  );

  function rounded(value: number): string {
    return unit && value >= 10_000 ? format.short(value, unit) : write(value);
  }
}
