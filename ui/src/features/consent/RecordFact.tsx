// SPDX-License-Identifier: Apache-2.0
// Writes down by hand what a customer said, with how it was said and what proves it. The text that
// has to be read to them stands beside it.
import {
  Autocomplete, Blockquote, Button, Group, NativeSelect, SimpleGrid, Stack, Text, Textarea,
} from "@mantine/core";
import { useState } from "react";
import { useAction, useApi } from "@/api/queries";
import { FailureNote, notify } from "@/components";
import { CUSTOMERS_PATH } from "@/features/customers/customer";
import { t, type Key } from "@/i18n";
import {
  CHANNELS, channelWord, PURPOSES_PATH, purposeWord, stateWord, type Purpose,
} from "./consent";

const STATES = ["granted", "denied", "withdrawn", "objected"] as const;
const MEANS = ["by_phone", "in_shop", "by_letter", "by_email"];

interface RecordFactProps {
  path: string; // of the customer
  language: string; // the customer's, "" when it is not known
  onDone: () => void;
}

export function RecordFact({ path, language, onDone }: RecordFactProps) {
  const { data } = useApi<{ purposes: Purpose[] }>(PURPOSES_PATH);
  const [purpose, setPurpose] = useState("");
  const [channel, setChannel] = useState("");
  const [state, setState] = useState<string>("granted");
  const [how, setHow] = useState("by_phone");
  const [proof, setProof] = useState("");
  const chosen = data?.purposes.find(({ name }) => name === purpose);
  const used = purpose === "all" ? ["all", ...CHANNELS]
    : Object.keys(chosen?.definition.channels ?? {});
  const record = useAction<undefined, { state: string }>(
    () => ({ method: "POST", path: `${path}/consents`,
             body: { purpose, channel, state, how, proof, language } }),
    { stale: [CUSTOMERS_PATH],
      onDone: (answer) => {
        notify(t("consent.recorded", { state: stateWord(answer.state) }));
        onDone();
      } });
  const isWhole = purpose !== "" && used.includes(channel) && how.trim() !== ""
    && (state !== "granted" || proof.trim() !== "");

  return (
    <form onSubmit={(event) => { event.preventDefault(); record.mutate(undefined); }}>
      <Stack>
        <Text size="sm">{t("consent.recordSentence")}</Text>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NativeSelect label={t("consent.purpose")} value={purpose} required
                        data={["", ...(data?.purposes.map(({ name }) => name) ?? []), "all"]
                          .map((value) => ({ value, label: purposeWord(value) }))}
                        onChange={(event) => setPurpose(event.currentTarget.value)} />
          <NativeSelect label={t("consent.channel")} value={channel} required
                        data={["", ...used].map((value) => ({ value, label: channelWord(value) }))}
                        onChange={(event) => setChannel(event.currentTarget.value)} />
          <NativeSelect label={t("consent.said")} value={state}
                        data={STATES.map((value) =>
                          ({ value, label: t(`consent.say_${value}` as Key) }))}
                        onChange={(event) => setState(event.currentTarget.value)} />
          <Autocomplete label={t("consent.how")} data={MEANS} value={how} required
                        onChange={setHow} />
        </SimpleGrid>
        {state === "granted" && chosen && <Reading purpose={chosen} language={language} />}
        <Textarea label={t("consent.proof")} description={t("consent.proofHint")} value={proof}
                  required={state === "granted"} autosize minRows={2}
                  onChange={(event) => setProof(event.currentTarget.value)} />
        <FailureNote error={record.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>{t("common.cancel")}</Button>
          <Button type="submit" loading={record.isPending} disabled={!isWhole}>
            {t("consent.record")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Reading({ purpose, language }: { purpose: Purpose; language: string }) {
  const { languages } = purpose.definition;
  const words = languages[language] ?? languages[language.slice(0, 2)] ?? languages.en
    ?? Object.values(languages)[0];

  if (!words) return null;
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>{t("consent.textRead")}</Text>
      <Blockquote p="sm" m={0}><Text size="sm">{words.text}</Text></Blockquote>
    </div>
  );
}
