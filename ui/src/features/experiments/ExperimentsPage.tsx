// SPDX-License-Identifier: Apache-2.0
// Tests of difference: what one showed, and how large the next one has to be.
import { Tabs } from "@mantine/core";
import { Page, PageHeader, useAddressState } from "@/components";
import { t } from "@/i18n";
import { Comparing } from "./Comparing";
import { Kept } from "./Kept";
import { Planner } from "./Planner";

export default function ExperimentsPage() {
  const [tab, setTab] = useAddressState("tab", "plan");

  return (
    <Page width="wide">
      <PageHeader title={t("shell.experiments")} sentence={t("experiments.purpose")} />
      <Tabs value={tab} onChange={(value) => setTab(value ?? "plan")} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="plan">{t("experiments.plan")}</Tabs.Tab>
          <Tabs.Tab value="compare">{t("experiments.compare")}</Tabs.Tab>
          <Tabs.Tab value="kept">{t("experiments.kept")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="plan"><Planner /></Tabs.Panel>
        <Tabs.Panel value="compare"><Comparing /></Tabs.Panel>
        <Tabs.Panel value="kept"><Kept /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
