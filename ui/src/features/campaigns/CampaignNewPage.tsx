// SPDX-License-Identifier: Apache-2.0
// A new campaign.
import { useNavigate } from "react-router-dom";
import { useAction } from "@/api/queries";
import { Page, PageHeader } from "@/components";
import { t } from "@/i18n";
import { addressOf, CAMPAIGNS_PATH, emptyDraft, type Draft } from "./campaign";
import { Composer } from "./Composer";

export default function CampaignNewPage() {
  const navigate = useNavigate();
  const create = useAction<Draft, { name: string }>(
    (draft) => ({ method: "POST", path: CAMPAIGNS_PATH, body: draft }),
    { stale: [CAMPAIGNS_PATH], onDone: ({ name }) => void navigate(addressOf(name)) });

  return (
    <Page>
      <PageHeader title={t("campaigns.create")} sentence={t("campaigns.createSentence")} />
      <Composer draft={emptyDraft} isNew isBusy={create.isPending} error={create.error}
                onSave={(draft) => create.mutate(draft)} />
    </Page>
  );
}
