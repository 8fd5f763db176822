// SPDX-License-Identifier: Apache-2.0
// Why a customer's identifiers are one customer, and undoing what should not be.
import { Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { recordsOf, textOf, type Record } from "@/api/records";
import { useMay } from "@/api/session";
import { ConfirmDestructive, Panel, notify } from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { CUSTOMERS_PATH, kindWords, type Customer } from "./customer";

export function Links({ customer }: { customer: Customer }) {
  const all = recordsOf(customer.links);
  const live = all.filter((link) => link.undone_at === null);
  const undone = all.filter((link) => link.undone_at !== null);
  const [isOpen, { toggle }] = useDisclosure();

  return (
    <Panel title={t("customers.links")}
           sentence={live.length > 0 ? t("customers.linksSentence") : t("customers.linksNone")}>
      <Stack gap="sm">
        {live.map((link) => <LinkRow key={textOf(link, "id")} link={link} />)}
        {undone.length > 0 && (
          <Button size="compact-sm" variant="subtle" onClick={toggle} aria-expanded={isOpen}
                  style={{ alignSelf: "flex-start" }}>
            {t("customers.showUndone", { count: undone.length })}
          </Button>
        )}
        {isOpen && undone.map((link) => <LinkRow key={textOf(link, "id")} link={link} />)}
      </Stack>
    </Panel>
  );
}

const REASONS = ["seen_together", "master_record", "by_hand"];

function endOf(link: Record, end: "a" | "b"): string {
  return `${kindWords(textOf(link, `kind_${end}`))} ${textOf(link, `value_${end}`)}`;
}

function LinkRow({ link }: { link: Record }) {
  const format = useFormat();
  const may = useMay();
  const [isAsking, setIsAsking] = useState(false);
  const reason = textOf(link, "reason");
  const why = REASONS.includes(reason) ? t(`customers.${reason}` as Key) : reason;
  const isUndone = link.undone_at !== null;

  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" {...(isUndone ? { td: "line-through" } : {})}>
          {endOf(link, "a")} – {endOf(link, "b")}
        </Text>
        <Text size="xs" c="dimmed">
          {[why, textOf(link, "evidence").replace(/^: /, ""),
            format.instant(textOf(link, "linked_at"))].filter(Boolean).join(" · ")}
        </Text>
        {isUndone && (
          <Text size="xs" c="dimmed">
            {t("customers.linkUndone", {
              when: format.instant(textOf(link, "undone_at")), who: textOf(link, "undone_by"),
            })}
          </Text>
        )}
      </div>
      {!isUndone && may("change_customers") && (
        <Button size="compact-xs" variant="default" style={{ flexShrink: 0 }}
                onClick={() => setIsAsking(true)}>
          {t("customers.linkUndo")}
        </Button>
      )}
      <UndoLink link={link} isOpen={isAsking} onClose={() => setIsAsking(false)} />
    </Group>
  );
}

interface Undone {
  separated: boolean;
}

function UndoLink(props: { link: Record; isOpen: boolean; onClose: () => void }) {
  const undo = useAction<void, Undone>(
    () => ({ method: "POST", path: `/api/v1/links/${textOf(props.link, "id")}/undo` }),
    {
      stale: [CUSTOMERS_PATH],
      onDone: ({ separated }) => {
        props.onClose();
        notify(t(separated ? "customers.separated" : "customers.stillJoined"));
      },
    },
  );

  return (
    <ConfirmDestructive isOpen={props.isOpen} title={t("customers.linkUndoTitle")}
                        deed={t("customers.linkUndoDeed")} isBusy={undo.isPending}
                        error={undo.error} onClose={props.onClose}
                        onConfirm={() => undo.mutate(undefined)}>
      {t("customers.linkUndoSentence", {
        one: endOf(props.link, "a"),
        other: endOf(props.link, "b"),
      })}
    </ConfirmDestructive>
  );
}
