// SPDX-License-Identifier: Apache-2.0
// A message to one's own address, written as for a customer.
import { Button, Group, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { FailureNote, notify, Panel } from "@/components";
import { t } from "@/i18n";
import { pathOf, type Campaign } from "./campaign";

export function TestSend({ campaign }: { campaign: Campaign }) {
  const [customer, setCustomer] = useState("");
  const [to, setTo] = useState("");
  const send = useAction(
    () => ({ method: "POST", path: `${pathOf(campaign.name)}/test`, body: { customer, to } }),
    { onDone: () => notify(t("campaigns.testSent")) });

  return (
    <Panel title={t("campaigns.testSend")} sentence={t("campaigns.testSendHint")}>
      <form onSubmit={(event) => { event.preventDefault(); send.mutate(undefined); }}>
        <Group align="flex-end" gap="sm">
          <TextInput label={t("campaigns.asCustomer")} value={customer} required
                     onChange={(event) => setCustomer(event.currentTarget.value)} />
          <TextInput label={t("campaigns.ownAddress")} value={to}
                     onChange={(event) => setTo(event.currentTarget.value)} />
          <Button type="submit" variant="default" loading={send.isPending}>
            {t("campaigns.sendTest")}
          </Button>
        </Group>
        <FailureNote error={send.error} />
      </form>
    </Panel>
  );
}
