// SPDX-License-Identifier: Apache-2.0
// For what this customer may be reached and why not, per purpose and channel, as it would be asked
// before a send. A word says it; colour only stresses that it may be. What was said for purposes
// that are not defined here stands below.
import { Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory, IconLink, IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import type { Table } from "@/api/client";
import { useAction, useApi } from "@/api/queries";
import { recordsOf, textOf, type Record } from "@/api/records";
import { useMay } from "@/api/session";
import { Answer, FailureNote, LoadingLines, Panel, ShownOnce } from "@/components";
import {
  basisWord, channelWord, purposeWord, reasonWord, stateWord,
} from "@/features/consent/consent";
import { RecordFact } from "@/features/consent/RecordFact";
import { Said } from "@/features/consent/Said";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { customerPath, type Customer } from "./customer";

interface Answered {
  verdicts: Table;
  history: Table;
}

export function Consents({ customer }: { customer: Customer }) {
  const may = useMay()("change_customers");
  const answer = useApi<Answered>(`${customerPath(customer.id)}/consents`);

  return (
    <Panel title={t("customers.consent")}>
      <Answer of={answer} loading={<LoadingLines count={6} />}>
        {({ verdicts, history }) => (
          <Stack gap="sm">
            {history.rows.length === 0 && (
              <Text size="sm" c="dimmed">{t("customers.consentNone")}</Text>
            )}
            <Verdicts table={verdicts} />
            <Others table={customer.consents} verdicts={verdicts} />
            <Group gap="xs">
              <HistoryButton history={history} />
              {may && <RecordButton customer={customer} />}
              {may && <LinkButton customer={customer} />}
            </Group>
          </Stack>
        )}
      </Answer>
    </Panel>
  );
}

function Verdicts({ table }: { table: Table }) {
  const verdicts = recordsOf(table);
  const purposes = [...new Set(verdicts.map((each) => textOf(each, "purpose")))];

  return (
    <>
      {purposes.map((purpose) => (
        <div key={purpose}>
          <Text size="sm" fw={600}>{purpose}</Text>
          {verdicts.filter((each) => each.purpose === purpose).map((each) => (
            <Verdict key={textOf(each, "channel")} verdict={each} />
          ))}
        </div>
      ))}
    </>
  );
}

function Verdict({ verdict }: { verdict: Record }) {
  const format = useFormat();
  const isPermitted = verdict.is_permitted === true;
  const why = [
    isPermitted ? basisWord(textOf(verdict, "legal_basis")) : reasonWord(textOf(verdict, "reason")),
    verdict.since && t("consent.sinceWhen", { when: format.dayOf(textOf(verdict, "since")) }),
  ];

  return (
    <Group justify="space-between" gap="xs" wrap="nowrap" mt={2}>
      <Text size="sm" style={{ minWidth: 0 }}>
        {channelWord(textOf(verdict, "channel"))}
        <Text span size="xs" c="dimmed"> {why.filter(Boolean).join(", ")}</Text>
      </Text>
      <Badge variant={isPermitted ? "light" : "default"} tt="none" fw={500}
             style={{ flexShrink: 0 }}>
        {t(isPermitted ? "consent.mayReach" : "consent.mayNot")}
      </Badge>
    </Group>
  );
}

// Sources may bring consents for purposes that nobody has defined here.
function Others({ table, verdicts }: { table: Table; verdicts: Table }) {
  const format = useFormat();
  const known = new Set(recordsOf(verdicts).map((each) => textOf(each, "purpose")));
  const others = recordsOf(table).filter((each) => !known.has(textOf(each, "purpose")));

  return (
    <>
      {others.map((each) => {
        const [purpose, channel, state] =
          [textOf(each, "purpose"), textOf(each, "channel"), textOf(each, "state")];
        return (
          <div key={`${purpose} ${channel}`}>
            <Group justify="space-between" gap="xs" wrap="nowrap">
              <Text size="sm">{purposeWord(purpose)} · {channel}</Text>
              <Badge variant={state === "granted" ? "light" : "default"} tt="none" fw={500}
                     style={{ flexShrink: 0 }}>
                {stateWord(state)}
              </Badge>
            </Group>
            <Text size="xs" c="dimmed">
              {[
                format.instant(textOf(each, "since")),
                textOf(each, "legal_basis") || t("customers.noBasis"),
                textOf(each, "text_version"),
              ].filter(Boolean).join(" · ")}
            </Text>
          </div>
        );
      })}
    </>
  );
}

// ---- what can be done ----

function HistoryButton({ history }: { history: Table }) {
  const [isOpen, { open, close }] = useDisclosure();

  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={<IconHistory size={16} />}
              onClick={open}>
        {t("consent.history")}
      </Button>
      <Modal opened={isOpen} onClose={close} size="xl" title={t("consent.history")}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        {isOpen && <Said history={history} />}
      </Modal>
    </>
  );
}

function RecordButton({ customer }: { customer: Customer }) {
  const [isOpen, { open, close }] = useDisclosure();

  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={<IconPencil size={16} />}
              onClick={open}>
        {t("consent.record")}
      </Button>
      <Modal opened={isOpen} onClose={close} size="lg" title={t("consent.recordTitle")}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        {isOpen && <RecordFact path={customerPath(customer.id)}
                               language={customer.profile.language ?? ""} onDone={close} />}
      </Modal>
    </>
  );
}

function LinkButton({ customer }: { customer: Customer }) {
  const [link, setLink] = useState("");
  const ask = useAction<undefined, { link: string }>(
    () => ({ method: "POST", path: `${customerPath(customer.id)}/preference-link` }),
    { onDone: (answer) => setLink(answer.link) });

  return (
    <>
      <Button size="compact-sm" variant="default" leftSection={<IconLink size={16} />}
              loading={ask.isPending} onClick={() => ask.mutate(undefined)}>
        {t("consent.link")}
      </Button>
      <FailureNote error={ask.error} />
      {link !== "" && (
        <ShownOnce title={t("consent.link")} hint={t("consent.linkHint")} secret={link} />
      )}
    </>
  );
}
