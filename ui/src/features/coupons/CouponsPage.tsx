// SPDX-License-Identifier: Apache-2.0
// Series of coupons with what came of them, a new one, and the till: may this code be redeemed?
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconTicket } from "@tabler/icons-react";
import { useAction, useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, FailureNote, LoadingTable, notify, Page, PageHeader, Panel,
  StateBadge,
} from "@/components";
import { t, type Key } from "@/i18n";
import { AddSeries } from "./AddSeries";
import { addressOf, SERIES_PATH } from "./coupon";
import { Till } from "./Till";

export default function CouponsPage() {
  const may = useMay();
  const series = useTable(SERIES_PATH);
  const [isAdding, adding] = useDisclosure();
  const add = may("change_segments") && (
    <Button leftSection={<IconPlus size={16} />} onClick={adding.open}>{t("coupons.add")}</Button>
  );

  return (
    <Page>
      <PageHeader title={t("shell.coupons")} sentence={t("coupons.sentence")}>
        {may("change_segments") && <Collect />}
        {add}
      </PageHeader>
      <Panel title={t("coupons.series")} sentence={t("coupons.seriesHint")}>
        <Answer of={series} loading={<LoadingTable />}>
          {(table) => table.rows.length === 0
            ? <EmptyState icon={IconTicket} title={t("coupons.none")}
                          sentence={t("coupons.noneHint")}>{add}</EmptyState>
            : (
              <DataTable table={table} name={t("coupons.series")}
                         order={["name", "gives", "state", "codes", "until", "issued", "redeemed",
                           "revenue", "discount", "currency", "again", "outside"]}
                         columns={{
                           state: { render: (value) => (
                             <StateBadge state={value === "on" ? "active" : "done"}>
                               {t(`coupons.state_${String(value)}` as Key)}
                             </StateBadge>
                           ) },
                           codes: { render: (value) => t(`coupons.${String(value)}` as Key) },
                         }}
                         href={(row) => addressOf(row.text("name"))} />
            )}
        </Answer>
      </Panel>
      {may("change_campaigns") && <Till />}
      <AddSeries isOpen={isAdding} onClose={adding.close} />
    </Page>
  );
}

interface Tally {
  read: number;
  taken: number;
  unknown: number;
}

function Collect() {
  const collect = useAction<undefined, Tally>(
    () => ({ method: "POST", path: "/api/v1/coupon-redemptions" }),
    { stale: [SERIES_PATH],
      onDone: ({ read, taken, unknown }) =>
        notify(t("coupons.collected", { read, taken, unknown })) });

  return (
    <>
      <Button variant="default" loading={collect.isPending}
              onClick={() => collect.mutate(undefined)}>
        {t("coupons.collect")}
      </Button>
      <FailureNote error={collect.error} />
    </>
  );
}
