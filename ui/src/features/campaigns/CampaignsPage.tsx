// SPDX-License-Identifier: Apache-2.0
// All campaigns, as a list and by the days on which they start.
import { Button, Tabs } from "@mantine/core";
import { IconPlus, IconSend } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel, StateBadge,
  useAddressState,
} from "@/components";
import { t, type Key } from "@/i18n";
import { addressOf, CAMPAIGNS_PATH } from "./campaign";
import { Month } from "./Month";

const COLUMNS = {
  state: {
    render: (value: unknown) => (
      <StateBadge state={String(value)}>{t(`campaigns.state_${String(value)}` as Key)}</StateBadge>
    ),
  },
};

export default function CampaignsPage() {
  const campaigns = useTable(CAMPAIGNS_PATH, { limit: 1000 });
  const [tab, setTab] = useAddressState("tab");
  const create = useMay()("change_campaigns") && (
    <Button component={Link} to="/push/campaigns/new" leftSection={<IconPlus size={16} />}>
      {t("campaigns.create")}
    </Button>
  );

  return (
    <Page>
      <PageHeader title={t("shell.campaigns")} sentence={t("campaigns.sentence")}>
        {create}
      </PageHeader>
      <Answer of={campaigns} loading={<LoadingTable />}>
        {(table) => table.rows.length === 0
          ? (
            <EmptyState icon={IconSend} title={t("campaigns.none")}
                        sentence={t("campaigns.noneHint")}>{create}</EmptyState>
          )
          : (
            <Tabs value={tab || "list"} onChange={(value) => setTab(value ?? "")}>
              <Tabs.List mb="md">
                <Tabs.Tab value="list">{t("campaigns.list")}</Tabs.Tab>
                <Tabs.Tab value="calendar">{t("campaigns.calendar")}</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="list">
                <Panel>
                  <DataTable table={table} name={t("shell.campaigns")} columns={COLUMNS}
                             order={["name", "state", "channel", "segment", "starts_at",
                               "customers", "sent", "spent", "budget"]}
                             href={(row) => addressOf(row.text("name"))} />
                </Panel>
              </Tabs.Panel>
              <Tabs.Panel value="calendar"><Month table={table} /></Tabs.Panel>
            </Tabs>
          )}
      </Answer>
    </Page>
  );
}
