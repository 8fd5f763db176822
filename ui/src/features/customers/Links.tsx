// SPDX-License-Identifier: Apache-2.0
// Why a customer's identifiers are one customer, and undoing what should not be.
import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { Link } from "react-router-dom";
import { recordsOf, textOf, type Record } from "@/api/records";
import { useMay } from "@/api/session";
import { Panel } from "@/components";
import { endWords, reasonWords } from "@/features/identity/identity";
import { UndoLink } from "@/features/identity/LinkFacts";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { Customer } from "./customer";

export function Links({ customer }: { customer: Customer }) {
  const all = recordsOf(customer.links);
  const live = all.filter((link) => link.undone_at === null);
  const undone = all.filter((link) => link.undone_at !== null);
  const [isOpen, { toggle }] = useDisclosure();

  return (
    <Panel title={t("customers.links")}
           aside={<Anchor component={Link} to={`/customers/${customer.id}/identity`} size="sm">
             {t("identity.open")}
           </Anchor>}
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

function LinkRow({ link }: { link: Record }) {
  const format = useFormat();
  const may = useMay();
  const [isAsking, setIsAsking] = useState(false);
  const why = reasonWords(textOf(link, "reason"));
  const isUndone = link.undone_at !== null;

  return (
    <Group justify="space-between" wrap="nowrap" align="flex-start" gap="xs">
      <div style={{ minWidth: 0 }}>
        <Text size="sm" {...(isUndone ? { td: "line-through" } : {})}>
          {endWords(link, "a")} – {endWords(link, "b")}
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
