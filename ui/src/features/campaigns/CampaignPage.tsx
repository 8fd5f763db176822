// SPDX-License-Identifier: Apache-2.0
// One campaign: its draft while it is one, then how it goes and what came of it.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useParams } from "react-router-dom";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, FailureNote, Facts, LoadingTable, Page, PageHeader, Panel, StateBadge,
} from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { CAMPAIGNS_PATH, draftOf, pathOf, stepsOf, type Campaign, type Draft } from "./campaign";
import { Composer } from "./Composer";
import { Files } from "./Files";
import { Results } from "./Results";
import { TestSend } from "./TestSend";

const LOOK_AGAIN_MS = 3000;

export default function CampaignPage() {
  const { name = "" } = useParams();
  const campaign = useApi<Campaign>(pathOf(name), {}, { refetchInterval: LOOK_AGAIN_MS });

  return (
    <Page>
      <Answer of={campaign} loading={<LoadingTable />}>
        {(shown) => <Shown key={shown.state} campaign={shown} />}
      </Answer>
    </Page>
  );
}

function Shown({ campaign }: { campaign: Campaign }) {
  const may = useMay()("change_campaigns");
  const isDraft = campaign.state === "draft";

  return (
    <Stack gap="lg">
      <PageHeader title={campaign.name} sentence={campaign.description}>
        {may && <Steps campaign={campaign} />}
      </PageHeader>
      {campaign.problem !== "" && (
        <Alert color="orange" title={t(`campaigns.problem_${campaign.problem}` as Key)}
               styles={{ title: { color: "var(--mantine-color-text)" } }}>
          {t("campaigns.pausedHint")}
        </Alert>
      )}
      <Panel><About campaign={campaign} /></Panel>
      {may && isDraft && <Draft campaign={campaign} />}
      {may && campaign.state !== "imported" && campaign.state !== "stopped" &&
        campaign.state !== "finished" && <TestSend campaign={campaign} />}
      {!isDraft && campaign.state !== "waiting" && <Results campaign={campaign} />}
      {!isDraft && campaign.state !== "imported" && <Files campaign={campaign} />}
    </Stack>
  );
}

function Draft({ campaign }: { campaign: Campaign }) {
  const save = useAction<Draft>(
    (draft) => ({ method: "PUT", path: pathOf(campaign.name), body: draft }),
    { stale: [CAMPAIGNS_PATH] });

  return (
    <Composer draft={draftOf(campaign)} isNew={false} isBusy={save.isPending} error={save.error}
              onSave={(draft) => save.mutate(draft)} />
  );
}

function Steps({ campaign }: { campaign: Campaign }) {
  const take = useAction<string>(
    (step) => ({ method: "POST", path: `${pathOf(campaign.name)}/step`, body: { step } }),
    { stale: [CAMPAIGNS_PATH] });
  const [first] = stepsOf(campaign);

  return (
    <Stack gap={4} align="flex-end">
      <Group gap="xs">
        {stepsOf(campaign).map((step) => (
          <Button key={step} variant={step === first ? "filled" : "default"}
                  loading={take.isPending && take.variables === step}
                  onClick={() => take.mutate(step)}>
            {t(`campaigns.step_${step}` as Key)}
          </Button>
        ))}
      </Group>
      <FailureNote error={take.error} />
    </Stack>
  );
}

function About({ campaign }: { campaign: Campaign }) {
  const format = useFormat();
  const { currency } = campaign;

  return (
    <Stack gap="sm">
      <Group gap="xs">
        <StateBadge state={campaign.state}>
          {t(`campaigns.state_${campaign.state}` as Key)}
        </StateBadge>
        {campaign.winner !== "" && (
          <Text size="sm">{t("campaigns.winner", { arm: campaign.winner })}</Text>
        )}
      </Group>
      <Facts facts={[
        { label: t("campaigns.segment"), value: campaign.segment },
        { label: t("campaigns.purpose"), value: campaign.purpose },
        { label: t("campaigns.channel"), value: campaign.channel },
        { label: t("campaigns.holdOut"), value: `${campaign.hold_out} %` },
        { label: t("campaigns.budget"),
          value: campaign.budget < 0 ? t("campaigns.noBudget")
            : format.amount(campaign.budget, currency) },
        { label: t("campaigns.spent"), value: format.amount(campaign.spent, currency) },
        { label: t("campaigns.madeBy"), value: campaign.actor },
        { label: t("campaigns.approvedBy"), value: campaign.approved_by },
        { label: t("campaigns.started"),
          value: campaign.started_at && format.instant(campaign.started_at) },
        { label: t("campaigns.goesOn"),
          value: campaign.state === "running" && campaign.next_at
            ? format.instant(campaign.next_at) : null },
        { label: t("campaigns.finished"),
          value: campaign.finished_at && format.instant(campaign.finished_at) },
      ]} />
    </Stack>
  );
}
