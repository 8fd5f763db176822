// SPDX-License-Identifier: Apache-2.0
// Does mail arrive: what the doctor finds in DNS, at the relay and in the set-up, and what became
// of mail by destination.
import { Alert, Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { IconMailCheck } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { Table } from "@/api/client";
import { useApi, useTable } from "@/api/queries";
import { recordsOf, textOf, type Record } from "@/api/records";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, StateBadge,
  useAddressState,
} from "@/components";
import { t } from "@/i18n";
import { MAIL_PATH } from "./mail";

interface Checks {
  is_red: boolean;
  checks: Table;
}

export default function DeliverabilityPage() {
  const checks = useApi<Checks>(`${MAIL_PATH}/checks`);

  return (
    <Page>
      <PageHeader title={t("shell.deliverability")} sentence={t("mail.deliverySentence")}>
        <Button component={Link} to="/push/mail" variant="default">{t("mail.toSetup")}</Button>
      </PageHeader>
      <Panel title={t("mail.checks")} sentence={t("mail.checksHint")}>
        <Answer of={checks} loading={<LoadingTable rows={8} />}>
          {({ is_red: isRed, checks: table }) => (
            <Stack gap="sm">
              <Alert color={isRed ? "red" : "tile"} variant="light" role="status"
                     styles={{ title: { color: "var(--mantine-color-text)" } }}
                     title={t(isRed ? "mail.notReady" : "mail.ready")} />
              {recordsOf(table).map((check, place) => <Check key={place} check={check} />)}
            </Stack>
          )}
        </Answer>
      </Panel>
      <Destinations />
    </Page>
  );
}

// Sentences and records are read to their end: no table holds them at every width.
function Check({ check }: { check: Record }) {
  const advice = textOf(check, "advice");

  return (
    <div>
      <Group gap="xs">
        <Text size="sm" fw={600}>{textOf(check, "check")}</Text>
        <CheckBadge state={textOf(check, "state")} />
      </Group>
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>{textOf(check, "finding")}</Text>
      {advice !== "" && (
        <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>{advice}</Text>
      )}
    </div>
  );
}

function CheckBadge({ state }: { state: string }) {
  const look = { ok: "active", warn: "interrupted", fail: "failed" }[state] ?? "done";
  return <StateBadge state={look}>{state}</StateBadge>;
}

function Destinations() {
  const [days, setDays] = useAddressState("days", "30");
  const figures = useTable(`${MAIL_PATH}/destinations`, { days });

  return (
    <Panel title={t("mail.destinations")} sentence={t("mail.destinationsHint")}
           aside={<NativeSelect aria-label={t("mail.period")} value={days}
                                data={["7", "30", "90", "365"].map((value) =>
                                  ({ value, label: t("mail.lastDays", { count: value }) }))}
                                onChange={(event) => setDays(event.currentTarget.value)} />}>
      <Answer of={figures} loading={<LoadingTable rows={4} />}>
        {(table) => table.rows.length === 0
          ? <EmptyState icon={IconMailCheck} title={t("mail.noMail")}
                        sentence={t("mail.noMailHint")} />
          : <DataTable table={table} name={t("mail.destinations")} />}
      </Answer>
    </Panel>
  );
}
