// SPDX-License-Identifier: Apache-2.0
// The tag of one web site: its draft to be changed, published, and gone back from.
import { Anchor, Badge, Button, Group, Modal, Stack, Tabs, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link, useParams } from "react-router-dom";
import { useAction, useApi } from "@/api/queries";
import {
  Answer, FailureNote, LoadingTable, notify, Page, PageHeader, Panel, useAddressState,
} from "@/components";
import { t } from "@/i18n";
import { BannerEditor } from "./BannerEditor";
import { Install } from "./Install";
import { Rules } from "./Rules";
import { TagSettings } from "./TagSettings";
import { TAGS_PATH, tagPath, type Configuration, type Tag } from "./tag";
import { Versions } from "./Versions";

export default function TagPage() {
  const { source = "" } = useParams();
  const tag = useApi<Tag>(tagPath(source));

  return (
    <Answer of={tag} loading={<LoadingTable />}>
      {(data) => <Editor key={JSON.stringify(data.draft)} tag={data} />}
    </Answer>
  );
}

function Editor({ tag }: { tag: Tag }) {
  const [draft, setDraft] = useState(tag.draft);
  const [tab, setTab] = useAddressState("tab", "rules");
  const isDirty = JSON.stringify(draft) !== JSON.stringify(tag.draft);
  const save = useAction<Configuration>(
    (configuration) => ({ method: "PUT", path: tagPath(tag.source), body: { configuration } }),
    { stale: [tagPath(tag.source), TAGS_PATH] });
  const back = <Anchor component={Link} to="/plug/tags" size="sm">{t("tags.back")}</Anchor>;

  return (
    <Page>
      <PageHeader title={tag.source} above={back}
                  sentence={tag.version > 0 ? t("tags.inForce", { version: tag.version })
                                            : t("tags.unpublished")}>
        <State tag={tag} isDirty={isDirty} />
        {isDirty && (
          <Button variant="default" onClick={() => setDraft(tag.draft)}>{t("tags.discard")}</Button>
        )}
        <Button variant={isDirty ? "filled" : "default"} disabled={!isDirty}
                loading={save.isPending} onClick={() => save.mutate(draft)}>
          {t("tags.save")}
        </Button>
        <Publish tag={tag} isDirty={isDirty} />
      </PageHeader>
      <FailureNote error={save.error} />
      <Tabs value={tab} onChange={(next) => setTab(next ?? "rules")} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="rules">{t("tags.tabRules")}</Tabs.Tab>
          <Tabs.Tab value="banner">{t("tags.tabBanner")}</Tabs.Tab>
          <Tabs.Tab value="settings">{t("tags.tabSettings")}</Tabs.Tab>
          <Tabs.Tab value="versions">{t("tags.tabVersions")}</Tabs.Tab>
          <Tabs.Tab value="install">{t("tags.tabInstall")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="rules"><Rules draft={draft} onChange={setDraft} /></Tabs.Panel>
        <Tabs.Panel value="banner"><BannerEditor draft={draft} onChange={setDraft} /></Tabs.Panel>
        <Tabs.Panel value="settings"><TagSettings draft={draft} onChange={setDraft} /></Tabs.Panel>
        <Tabs.Panel value="versions"><Panel><Versions tag={tag} /></Panel></Tabs.Panel>
        <Tabs.Panel value="install"><Install snippet={tag.snippet} /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function State({ tag, isDirty }: { tag: Tag; isDirty: boolean }) {
  if (!isDirty && !tag.is_changed) return null;
  return (
    <Badge variant="outline" color="gray" c="var(--mantine-color-text)" tt="none">
      {t(isDirty ? "tags.unsaved" : "tags.changed")}
    </Badge>
  );
}

function Publish({ tag, isDirty }: { tag: Tag; isDirty: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const [note, setNote] = useState("");
  const publish = useAction<string, { version: number }>(
    (words) => ({ method: "POST", path: `${tagPath(tag.source)}/publish`, body: { note: words } }),
    { stale: [tagPath(tag.source), TAGS_PATH],
      onDone: ({ version }) => {
        setOpen(false);
        notify(t("tags.published", { version }));
      } });

  return (
    <>
      <Button disabled={isDirty || !tag.is_changed} onClick={() => setOpen(true)}>
        {t("tags.publish")}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)}
             title={t("tags.publishTitle", { source: tag.source })}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <Stack>
          <Text>{t("tags.publishText")}</Text>
          <TextInput label={t("tags.note")} value={note} maxLength={500} data-autofocus
                     onChange={(event) => setNote(event.target.value)} />
          <FailureNote error={publish.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setOpen(false)}>{t("common.cancel")}</Button>
            <Button loading={publish.isPending} onClick={() => publish.mutate(note)}>
              {t("tags.publish")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
