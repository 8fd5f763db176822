// SPDX-License-Identifier: Apache-2.0
// One segment: its conditions to be changed, its members, its history, its export.
import { Anchor, Badge, Button, Group, Tabs, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router-dom";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, ConfirmDestructive, FailureNote, LoadingTable, Page, PageHeader, Panel, useAddressState,
} from "@/components";
import { figureOf } from "@/features/selection/columns";
import { t } from "@/i18n";
import { Conditions } from "./Conditions";
import { DraftFields } from "./DraftFields";
import { Exporting } from "./Exporting";
import { SEGMENTS_PATH } from "./fields";
import { History } from "./History";
import { Members } from "./Members";
import { isSame, segmentPath, type Draft, type Segment } from "./segment";

export default function SegmentPage() {
  const { name = "" } = useParams();
  const segment = useApi<Segment>(segmentPath(name));

  return (
    <Answer of={segment} loading={<LoadingTable />}>
      {(data) => <Editor key={`${data.name}${JSON.stringify(data.definition)}`} segment={data} />}
    </Answer>
  );
}

function draftOf({ name, description, definition }: Segment): Draft {
  return { name, description, tree: definition };
}

export function BackToSegments() {
  return <Anchor component={Link} to="/analyze/segments" size="sm">{t("segments.back")}</Anchor>;
}

function Editor({ segment }: { segment: Segment }) {
  const [kept, setKept] = useState(() => draftOf(segment));
  const [draft, setDraft] = useState(kept);
  const [tab, setTab] = useAddressState("tab", "conditions");
  const [round, setRound] = useState(0); // the builder begins anew when changes are undone
  const may = useMay();
  const isDirty = !isSame(draft, kept);
  const save = useAction<Draft>(
    ({ description, tree }) => ({
      method: "PUT", path: segmentPath(segment.name), body: { description, definition: tree },
    }),
    { stale: [`${segmentPath(segment.name)}/history`, `${segmentPath(segment.name)}/members`],
      onDone: (_, saved) => setKept(saved) },
  );

  return (
    <Page>
      <PageHeader title={segment.name} sentence={kept.description} above={<BackToSegments />}>
        {isDirty && <Badge variant="light" color="orange" tt="none">{t("segments.unsaved")}</Badge>}
        {isDirty && (
          <Button variant="default" onClick={() => { setDraft(kept); setRound(round + 1); }}>
            {t("segments.discard")}
          </Button>
        )}
        {may("change_segments") && (
          <Button disabled={!isDirty} loading={save.isPending} onClick={() => save.mutate(draft)}>
            {t("segments.save")}
          </Button>
        )}
        <Exporting name={segment.name} isDirty={isDirty} />
        <Deleting segment={segment} />
      </PageHeader>
      <FailureNote error={save.error} />
      <Tabs value={tab} onChange={(next) => setTab(next ?? "conditions")} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="conditions">{t("segments.tabConditions")}</Tabs.Tab>
          {may("read_customers") &&
            <Tabs.Tab value="members">{t("segments.tabMembers")}</Tabs.Tab>}
          <Tabs.Tab value="history">{t("segments.tabHistory")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="conditions">
          <DraftFields draft={draft} onChange={setDraft} hasName={false} />
          <Conditions key={round} tree={draft.tree}
                      onChange={(tree) => setDraft((former) => ({ ...former, tree }))} />
        </Tabs.Panel>
        <Tabs.Panel value="members"><Panel><Members name={segment.name} /></Panel></Tabs.Panel>
        <Tabs.Panel value="history"><Panel><History name={segment.name} /></Panel></Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Deleting({ segment }: { segment: Segment }) {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const remove = useAction<void>(() => ({ method: "DELETE", path: segmentPath(segment.name) }),
    { stale: [SEGMENTS_PATH], onDone: () => navigate("/analyze/segments") });

  if (!useMay()("change_segments")) return null;
  return (
    <>
      <Button variant="subtle" color="red" leftSection={<IconTrash size={16} />}
              onClick={() => setOpen(true)}>
        {t("segments.delete")}
      </Button>
      <ConfirmDestructive isOpen={isOpen} title={t("segments.deleteTitle", { name: segment.name })}
                          deed={t("segments.deleteDeed")} isBusy={remove.isPending}
                          error={remove.error} onConfirm={() => remove.mutate()}
                          onClose={() => setOpen(false)}>
        <Group>
          <Text>{t("segments.deleteText", { count: figureOf(segment.history, "size") ?? 0 })}</Text>
        </Group>
      </ConfirmDestructive>
    </>
  );
}
