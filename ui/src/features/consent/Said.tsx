// SPDX-License-Identifier: Apache-2.0
// All that a customer said, the newest first, each with the exact text that was shown.
import { Blockquote, Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, DataTable, Facts } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import {
  basisWord, channelWord, FACTS_PATH, purposeWord, stateWord, type Fact,
} from "./consent";

export function Said({ history }: { history: Table }) {
  const [shown, setShown] = useState("");

  if (history.rows.length === 0) return <Text c="dimmed">{t("consent.historyNone")}</Text>;
  if (shown !== "") return <Exactly id={shown} onBack={() => setShown("")} />;
  return (
    <DataTable table={history} name={t("consent.history")}
               order={["at", "purpose", "channel", "state", "source", "method", "recorded_by"]}
               columns={{
                 purpose: { render: (value) => purposeWord(String(value)) },
                 channel: { render: (value) => channelWord(String(value)) },
                 state: { render: (value) => stateWord(String(value)) },
               }}
               actions={(row) => (
                 <Button size="compact-sm" variant="subtle" onClick={() => setShown(row.text("id"))}
                         aria-label={t("consent.lookAt", {
                           purpose: purposeWord(row.text("purpose")),
                           channel: channelWord(row.text("channel")),
                           state: stateWord(row.text("state")),
                         })}>
                   {t("consent.look")}
                 </Button>
               )} />
  );
}

function Exactly({ id, onBack }: { id: string; onBack: () => void }) {
  const fact = useApi<Fact>(`${FACTS_PATH}/${id}`);

  return (
    <Stack gap="sm">
      <Answer of={fact}>{(told) => <Told fact={told} />}</Answer>
      <Button variant="default" onClick={onBack} style={{ alignSelf: "flex-start" }}>
        {t("consent.back")}
      </Button>
    </Stack>
  );
}

function Told({ fact }: { fact: Fact }) {
  const format = useFormat();

  return (
    <Stack gap="sm">
      <Text fw={600}>
        {purposeWord(fact.purpose)} · {channelWord(fact.channel)}: {stateWord(fact.state)}
      </Text>
      <Facts facts={[
        { label: t("consent.at"), value: format.moment(fact.at) },
        { label: t("consent.basis"), value: fact.legal_basis && basisWord(fact.legal_basis) },
        { label: t("consent.how"), value: fact.method },
        { label: t("consent.source"), value: fact.source },
        { label: t("consent.by"), value: fact.recorded_by },
        { label: t("consent.proof"), value: fact.proof },
        { label: t("consent.textVersion"), value: fact.text_version,
          ...(fact.locale && { note: fact.locale }) },
      ]} />
      <Text size="sm" fw={500}>{t("consent.shownText")}</Text>
      {fact.text
        ? <Blockquote p="sm" m={0}><Text size="sm">{fact.text}</Text></Blockquote>
        : <Text size="sm" c="dimmed">{t("consent.noText")}</Text>}
    </Stack>
  );
}
