// SPDX-License-Identifier: Apache-2.0
// Everything that happened with a customer, newest first, page by page as the reader comes to its
// end. What is shown stands in the address.
import { Group, SegmentedControl, Select, Stack, Text, UnstyledButton } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import {
  IconArrowBackUp, IconHistory, IconReceipt, IconShieldCheck, IconWorld, type Icon,
} from "@tabler/icons-react";
import { useEffect } from "react";
import { useTablePages } from "@/api/pages";
import { recordsOf, textOf, type Record } from "@/api/records";
import { Answer, EmptyState, MoreButton, Panel, useAddressState } from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { customerPath, type Customer } from "./customer";
import classes from "./Story.module.css";

const ROWS = 30;

export interface StoryProps {
  customer: Customer;
  onReceipt: (id: string) => void;
}

export function Story({ customer, onReceipt }: StoryProps) {
  const [kind, setKind] = useAddressState("kind");
  const [channel, setChannel] = useAddressState("channel");
  const pages = useTablePages(`${customerPath(customer.id)}/timeline`, { kind, channel },
                              { member: "timeline", next: "timeline_next", limit: ROWS });
  const { ref, entry } = useIntersection({ rootMargin: "600px" });
  const { hasMore, isLoadingMore, loadMore } = pages;

  useEffect(() => {
    if (entry?.isIntersecting && hasMore && !isLoadingMore) loadMore();
  }, [entry?.isIntersecting, hasMore, isLoadingMore, loadMore]);

  return (
    <Panel title={t("customers.story")} sentence={t("customers.storySentence")}>
      <Group gap="sm" mb="md">
        <SegmentedControl value={kind} onChange={setKind} size="xs"
                          aria-label={t("customers.kindLabel")}
                          data={["", "sales", "events", "consents"].map((value) => ({
                            value,
                            label: t(value ? `customers.${value}` as Key : "customers.everything"),
                          }))} />
        {customer.channels.length > 1 && (
          <Select value={channel} onChange={(value) => setChannel(value ?? "")} w={170}
                  aria-label={t("customers.channel")} allowDeselect={false}
                  size="xs"
                  data={[{ value: "", label: t("customers.allChannels") }, ...customer.channels]} />
        )}
      </Group>
      <Answer of={pages}>
        {(table) => table.rows.length === 0
          ? <Nothing isFiltered={kind !== "" || channel !== ""} />
          : (
            <ol className={classes.list}>
              {recordsOf(table).map((each) => (
                <Entry key={`${textOf(each, "kind")} ${textOf(each, "id")}`} entry={each}
                       onReceipt={onReceipt} />
              ))}
            </ol>
          )}
      </Answer>
      <div ref={ref} />
      <MoreButton of={pages} />
    </Panel>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <Text c="dimmed">{t("customers.storyNoneFiltered")}</Text>;
  return <EmptyState icon={IconHistory} title={t("customers.storyNone")}
                     sentence={t("customers.storyNoneHint")} />;
}

const PICTURES: { [kind: string]: Icon } = {
  sale: IconReceipt, refund: IconArrowBackUp, adjustment: IconReceipt, event: IconWorld,
  consent: IconShieldCheck,
};

function Entry({ entry, onReceipt }: { entry: Record; onReceipt: (id: string) => void }) {
  const kind = textOf(entry, "kind");
  const isReceipt = ["sale", "refund", "adjustment"].includes(kind);
  const body = <EntryBody entry={entry} kind={kind} />;

  if (!isReceipt) return <li className={classes.entry}>{body}</li>;
  return (
    <li>
      <UnstyledButton className={classes.entry} onClick={() => onReceipt(textOf(entry, "id"))}
                      title={t("customers.openReceipt", { number: textOf(entry, "what") })}>
        {body}
      </UnstyledButton>
    </li>
  );
}

function EntryBody({ entry, kind }: { entry: Record; kind: string }) {
  const format = useFormat();
  const Picture = PICTURES[kind] ?? IconHistory;
  const amount = entry.amount;
  const what = textOf(entry, "what");
  const title = kind === "event" ? what
    : `${t(kind === "consent" ? "customers.consent" : `customers.${kind}` as Key)} ${what}`;
  const about = [textOf(entry, "place"), textOf(entry, "detail"), textOf(entry, "source")]
    .filter(Boolean).join(" · ");

  return (
    <>
      <Picture size={20} stroke={1.5} aria-hidden className={classes.picture} />
      <Stack gap={0} style={{ minWidth: 0, flex: 1 }}>
        <Text size="sm" fw={500} style={{ overflowWrap: "anywhere" }}>{title}</Text>
        <Text size="xs" c="dimmed">{about}</Text>
      </Stack>
      <Stack gap={0} align="flex-end" style={{ flexShrink: 0 }}>
        {typeof amount === "number" && (
          <Text size="sm" fw={500} {...(amount < 0 ? { c: "red" } : {})}>
            {format.amount(amount, textOf(entry, "currency"))}
          </Text>
        )}
        <Text size="xs" c="dimmed">{format.instant(textOf(entry, "at"))}</Text>
      </Stack>
    </>
  );
}
