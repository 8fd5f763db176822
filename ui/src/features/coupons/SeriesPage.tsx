// SPDX-License-Identifier: Apache-2.0
// One series: what it gives, codes for a printer or a customer, all codes as a file, where they
// were redeemed.
import { Anchor, Button, Code, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconTicket } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useParams } from "react-router-dom";
import { useTablePages } from "@/api/pages";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, ConfirmDestructive, DataTable, EmptyState, Facts, FailureNote, LoadingTable, MoreButton,
  Page, PageHeader, Panel, saveFile,
} from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { pathOf, SERIES_PATH, type Series } from "./coupon";

export default function SeriesPage() {
  const { name = "" } = useParams();
  const series = useApi<Series>(pathOf(name));

  return (
    <Page>
      <Answer of={series} loading={<LoadingTable />}>{(shown) => <Shown series={shown} />}</Answer>
    </Page>
  );
}

function Shown({ series }: { series: Series }) {
  const may = useMay();
  const format = useFormat();
  const { terms } = series;

  return (
    <Stack gap="lg">
      <PageHeader title={series.name} sentence={series.gives}
                  above={<Anchor component={Link} to="/push/coupons" size="sm">
                    {t("coupons.all")}
                  </Anchor>}>
        {may("export") && (
          <Button component="a" href={`${pathOf(series.name)}/codes`} download variant="default"
                  leftSection={<IconDownload size={16} />}>
            {t("coupons.export")}
          </Button>
        )}
        {may("change_segments") && !series.is_stopped && <Stop name={series.name} />}
      </PageHeader>
      <Panel>
        <Facts facts={[
          { label: t("coupons.state"),
            value: t(series.is_stopped ? "coupons.state_stopped" : "coupons.state_on") },
          { label: t("coupons.code"), value: series.shared_code ?? t("coupons.personal") },
          { label: t("coupons.issued"), value: format.integer(series.issued) },
          { label: t("coupons.most"), value: series.most > 0 ? format.integer(series.most) : null },
          { label: t("coupons.uses"),
            value: series.uses > 0 ? format.integer(series.uses) : t("coupons.anyNumber") },
          { label: t("coupons.from"), value: terms.from && format.day(terms.from) },
          { label: t("coupons.until"), value: terms.until && format.day(terms.until) },
          { label: t("coupons.minimum", { currency: terms.currency ?? "" }),
            value: terms.minimum ? format.amount(terms.minimum, terms.currency) : null },
          { label: t("coupons.note"), value: terms.note },
        ]} />
      </Panel>
      {may("change_segments") && !series.is_stopped && series.shared_code === null && (
        <Issue name={series.name} />
      )}
      <Redemptions name={series.name} />
    </Stack>
  );
}

function Stop({ name }: { name: string }) {
  const [isAsked, asked] = useDisclosure();
  const stop = useAction<undefined>(
    () => ({ method: "POST", path: `${pathOf(name)}/stop` }),
    { stale: [SERIES_PATH], onDone: asked.close });

  return (
    <>
      <Button variant="default" onClick={asked.open}>{t("coupons.stop")}</Button>
      <ConfirmDestructive isOpen={isAsked} title={t("coupons.stopTitle", { name })}
                          deed={t("coupons.stop")} isBusy={stop.isPending} error={stop.error}
                          onConfirm={() => stop.mutate(undefined)} onClose={asked.close}>
        <Text size="sm">{t("coupons.stopMeans")}</Text>
      </ConfirmDestructive>
    </>
  );
}

function Issue({ name }: { name: string }) {
  const [count, setCount] = useState(10);
  const [customer, setCustomer] = useState("");
  const isFor = customer.trim() !== "";
  const issue = useAction<undefined, { codes: string[] }>(
    () => ({ method: "POST", path: `${pathOf(name)}/codes`,
             body: isFor ? { customer: customer.trim() } : { count } }),
    { stale: [SERIES_PATH] });
  const codes = issue.data?.codes ?? [];

  return (
    <Panel title={t("coupons.issue")} sentence={t("coupons.issueHint")}>
      <form onSubmit={(event) => { event.preventDefault(); issue.mutate(undefined); }}>
        <Stack gap="sm">
          <Group gap="sm" align="flex-end">
            <TextInput label={t("coupons.forCustomer")} value={customer}
                       style={{ flex: "1 1 12rem" }} maw={320}
                       onChange={(event) => setCustomer(event.currentTarget.value)} />
            <NumberInput label={t("coupons.howMany")} value={isFor ? 1 : count} disabled={isFor}
                         min={1} max={10000} w={140}
                         onChange={(value) => setCount(Number(value))} />
            <Button type="submit" loading={issue.isPending}>{t("coupons.doIssue")}</Button>
          </Group>
          <FailureNote error={issue.error} />
          {codes.length > 0 && (
            <>
              <Text size="sm" role="status">{t("coupons.issuedNow", { count: codes.length })}</Text>
              <Code block mah={220} style={{ overflowY: "auto" }} tabIndex={0}>
                {codes.join("\n")}
              </Code>
              <Group>
                <Button variant="default" size="compact-sm"
                        leftSection={<IconDownload size={16} />}
                        onClick={() => saveFile("coupons.txt",
                          new Blob([`${codes.join("\n")}\n`], { type: "text/plain" }))}>
                  {t("coupons.save")}
                </Button>
              </Group>
            </>
          )}
        </Stack>
      </form>
    </Panel>
  );
}

function Redemptions({ name }: { name: string }) {
  const redemptions = useTablePages(`${pathOf(name)}/redemptions`);

  return (
    <Panel title={t("coupons.redemptions")} sentence={t("coupons.redemptionsHint")}>
      <Answer of={redemptions} loading={<LoadingTable rows={4} />}>
        {(table) => table.rows.length === 0
          ? <EmptyState icon={IconTicket} title={t("coupons.redemptionsNone")}
                        sentence={t("coupons.redemptionsNoneHint")} />
          : (
            <>
              <DataTable table={table} name={t("coupons.redemptions")} columns={{
                id: { isHidden: true },
                state: { render: (value) => t(`coupons.redeemed_${String(value)}` as Key) },
              }} />
              <MoreButton of={redemptions} />
            </>
          )}
      </Answer>
    </Panel>
  );
}
