// SPDX-License-Identifier: Apache-2.0
// All templates, and a new one.
import { Button, Group, Modal, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus, IconTemplate } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { useAction, useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, FailureNote, LoadingTable, Page, PageHeader, Panel,
} from "@/components";
import { t } from "@/i18n";
import { addressOf, kindKeys, KINDS, pathOf, TEMPLATES_PATH, type Kind } from "./template";

export default function TemplatesPage() {
  const templates = useTable(TEMPLATES_PATH, { limit: 1000 });
  const [isCreating, creating] = useDisclosure();
  const create = useMay()("change_campaigns") && (
    <Button leftSection={<IconPlus size={16} />} onClick={creating.open}>
      {t("templates.create")}
    </Button>
  );

  return (
    <Page>
      <PageHeader title={t("shell.templates")} sentence={t("templates.purpose")}>
        {create}
      </PageHeader>
      <Answer of={templates} loading={<LoadingTable />}>
        {(table) => table.rows.length === 0
          ? (
            <EmptyState icon={IconTemplate} title={t("templates.none")}
                        sentence={t("templates.noneHint")}>{create}</EmptyState>
          )
          : (
            <Panel>
              <DataTable table={table} name={t("shell.templates")} hasDownload={false}
                         href={(row) => addressOf(row.text("name"))}
                         columns={{ kind: {
                           render: (kind) => t(kindKeys[kind as Kind]),
                         } }} />
            </Panel>
          )}
      </Answer>
      <Modal opened={isCreating} onClose={creating.close} title={t("templates.create")}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <Create onClose={creating.close} />
      </Modal>
    </Page>
  );
}

const FIRST_HTML = "<p>{% if customer.given_name %}Dear {{ customer.given_name }},{% else %}"
  + "Hello,{% endif %}</p>\n<p>…</p>\n"
  + "<p><a href=\"{{ message.unsubscribe_url }}\">Unsubscribe</a></p>\n";

const FIRST_TEXT = "Hello {{ customer.given_name }}\n";
const FIRST_JSON = '{"type": "campaign.message", "campaign": {{ message.campaign }},\n'
  + ' "customer": {{ customer.number }}}\n';

function Create({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState<string>("email");
  const navigate = useNavigate();
  const hasHtml = kind === "email" || kind === "onsite";
  const create = useAction(
    () => ({ method: "PUT", path: pathOf(name.trim()),
             body: { kind, subject: kind === "email" || kind === "letter" ? name.trim() : "",
                     html: hasHtml ? FIRST_HTML : "",
                     text: hasHtml ? "" : kind === "webhook" ? FIRST_JSON : FIRST_TEXT } }),
    { stale: [TEMPLATES_PATH], onDone: () => void navigate(addressOf(name.trim())) });

  return (
    <form onSubmit={(event) => { event.preventDefault(); create.mutate(undefined); }}>
      <Stack>
        <TextInput label={t("templates.name")} value={name} required data-autofocus
                   onChange={(event) => setName(event.currentTarget.value)} />
        <NativeSelect label={t("templates.kind")} value={kind}
                      data={KINDS.map((value) => ({ value, label: t(kindKeys[value]) }))}
                      onChange={(event) => setKind(event.currentTarget.value)} />
        <FailureNote error={create.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ""}>
            {t("templates.start")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
