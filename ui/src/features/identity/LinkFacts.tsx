// SPDX-License-Identifier: Apache-2.0
// Why one link is there, and undoing it with a look at what that cuts off.
import { Button, CloseButton, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { textOf, type Record } from "@/api/records";
import { useMay } from "@/api/session";
import { ConfirmDestructive, Facts, Panel, notify } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { STALE, endWords, isLive, reasonWords } from "./identity";
import { UndoPreview } from "./Preview";

export function LinkFacts({ link, onClose }: { link: Record; onClose: () => void }) {
  const format = useFormat();
  const may = useMay();
  const [isAsking, setIsAsking] = useState(false);
  const facts = [
    { label: t("identity.reason"), value: reasonWords(textOf(link, "reason")) },
    { label: t("identity.source"), value: textOf(link, "source") },
    { label: t("identity.evidence"), value: textOf(link, "evidence").replace(/^: /, "") },
    { label: t("identity.since"), value: format.instant(textOf(link, "since")) },
    { label: t("identity.undone"), value: isLive(link) ? "" : t("identity.undoneBy", {
      when: format.instant(textOf(link, "undone_at")), who: textOf(link, "undone_by") }) },
  ].filter(({ value }) => value);

  return (
    <Panel title={t("identity.why")}
           aside={<CloseButton aria-label={t("identity.close")} onClick={onClose} />}
           sentence={t("identity.whySentence", {
             one: endWords(link, "a"), other: endWords(link, "b") })}>
      <Stack gap="sm" data-testid="link-facts">
        <Facts facts={facts} />
        {isLive(link) && may("change_customers") && (
          <Group>
            <Button size="compact-sm" variant="default" onClick={() => setIsAsking(true)}>
              {t("identity.undo")}
            </Button>
          </Group>
        )}
      </Stack>
      <UndoLink link={link} isOpen={isAsking} onClose={() => setIsAsking(false)} />
    </Panel>
  );
}

export function UndoLink(props: { link: Record; isOpen: boolean; onClose: () => void }) {
  const id = textOf(props.link, "id");
  const undo = useAction<void, { separated: boolean }>(
    () => ({ method: "POST", path: `/api/v1/links/${id}/undo` }),
    {
      stale: STALE,
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
      <Stack gap="sm">
        <Text size="sm">
          {t("customers.linkUndoSentence", {
            one: endWords(props.link, "a"),
            other: endWords(props.link, "b"),
          })}
        </Text>
        {props.isOpen && <UndoPreview link={id} />}
      </Stack>
    </ConfirmDestructive>
  );
}
