// SPDX-License-Identifier: Apache-2.0
// One template: its parts in an editor, what it may name, what a real customer would get.
import {
  Alert, Button, Grid, SegmentedControl, Stack, Text, TextInput, UnstyledButton,
} from "@mantine/core";
import { IconDeviceFloppy, IconAlertTriangle } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import { useParams } from "react-router-dom";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, FailureNote, LoadingTable, notify, Page, PageHeader, Panel, useAddressState,
} from "@/components";
import type { CodeEditorHandle } from "@/components/useCodeEditor";
import { t } from "@/i18n";
import { LiquidEditor } from "./LiquidEditor";
import { Shown, usePreview } from "./Shown";
import {
  kindKeys, LANGUAGE_PATH, pathOf, TEMPLATES_PATH, vocabularyOf, type Fault, type Language,
  type Template, type Vocabulary,
} from "./template";

const NOTHING: Vocabulary = { values: [], filters: [], tags: [] };

export default function TemplatePage() {
  const { name = "" } = useParams();
  const template = useApi<Template>(pathOf(name));

  return (
    <Page width="wide">
      <Answer of={template} loading={<LoadingTable />}>
        {(saved) => <Workshop key={`${saved.name} ${saved.version}`} saved={saved} />}
      </Answer>
    </Page>
  );
}

function Workshop({ saved }: { saved: Template }) {
  const [draft, setDraft] = useState(saved);
  const language = useApi<Language>(LANGUAGE_PATH, {}, { staleTime: Infinity });
  const vocabulary = useMemo(() => language.data ? vocabularyOf(language.data) : NOTHING,
                             [language.data]);
  const editor = useRef<CodeEditorHandle>(null);
  const preview = usePreview(draft);

  return (
    <Stack gap="lg">
      <PageHeader title={saved.name}
                  sentence={t("templates.versionOf", { version: saved.version,
                                                       kind: t(kindKeys[saved.kind]) })}>
        <Save draft={draft} isChanged={draft !== saved} />
      </PageHeader>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack gap="lg">
            <Parts draft={draft} onChange={setDraft} vocabulary={vocabulary}
                   fault={preview.answer?.fault} editor={editor} />
            <Values vocabulary={vocabulary}
                    onChoose={(value) => editor.current?.insert(`{{ ${value} }}`)} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Shown preview={preview} kind={draft.kind} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Save({ draft, isChanged }: { draft: Template; isChanged: boolean }) {
  const may = useMay();
  const save = useAction<undefined, { version: number }>(
    () => ({ method: "PUT", path: pathOf(draft.name),
             body: { kind: draft.kind, description: draft.description, subject: draft.subject,
                     html: draft.html, text: draft.text, variants: draft.variants } }),
    { stale: [TEMPLATES_PATH],
      onDone: ({ version }) => notify(t("templates.saved", { version })) });

  if (!may("change_campaigns")) return null;
  return (
    <Stack gap="xs">
      <Button leftSection={<IconDeviceFloppy size={16} />} loading={save.isPending}
              disabled={!isChanged} onClick={() => save.mutate(undefined)}>
        {t("templates.save")}
      </Button>
      <FailureNote error={save.error} />
    </Stack>
  );
}

interface PartsProps {
  draft: Template;
  onChange: (draft: Template) => void;
  vocabulary: Vocabulary;
  fault: Fault | undefined;
  editor: React.Ref<CodeEditorHandle>;
}

function Parts({ draft, onChange, vocabulary, fault, editor }: PartsProps) {
  const hasHtml = draft.kind === "email" || draft.kind === "onsite";
  const [part, setPart] = useAddressState("part", hasHtml ? "html" : "text");
  const shown = part === "text" || !hasHtml ? "text" : "html";

  return (
    <Panel title={t("templates.content")}>
      <Stack gap="sm">
        {(draft.kind === "email" || draft.kind === "letter") && (
          <TextInput label={t("templates.subject")} value={draft.subject}
                     error={fault?.part === "subject" ? <FaultWords fault={fault} /> : undefined}
                     onChange={(event) =>
                       onChange({ ...draft, subject: event.currentTarget.value })} />
        )}
        {hasHtml && (
          <SegmentedControl value={shown} onChange={setPart} aria-label={t("templates.part")}
                            data={[{ value: "html", label: t("templates.html") },
                                   { value: "text", label: t("templates.text") }]} />
        )}
        <LiquidEditor ref={editor} key={shown} value={draft[shown]} vocabulary={vocabulary}
                      fault={fault?.part === shown ? fault : undefined}
                      label={shown === "html" ? t("templates.html") : t("templates.text")}
                      onChange={(text) => onChange({ ...draft, [shown]: text })} />
        {shown === "text" && hasHtml && draft.text === "" && (
          <Text size="sm" c="dimmed">{t("templates.textMade")}</Text>
        )}
        {fault && fault.part !== "subject" && (
          <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} role="status"
                 title={t("templates.faultIn", { part: fault.part })}>
            <FaultWords fault={fault} />
          </Alert>
        )}
      </Stack>
    </Panel>
  );
}

function FaultWords({ fault: { line, column, message } }: { fault: Fault }) {
  return <>{t("templates.fault", { line, column, message })}</>;
}

interface ValuesProps {
  vocabulary: Vocabulary;
  onChoose: (name: string) => void;
}

function Values({ vocabulary, onChoose }: ValuesProps) {
  const [search, setSearch] = useState("");
  const found = vocabulary.values.filter(
    ({ name, info }) => `${name} ${info}`.toLowerCase().includes(search.toLowerCase()));

  return (
    <Panel title={t("templates.values")}>
      <Stack gap="xs">
        <TextInput aria-label={t("templates.findValue")} placeholder={t("templates.findValue")}
                   value={search} onChange={(event) => setSearch(event.currentTarget.value)} />
        <Stack gap={4} mah={320} style={{ overflowY: "auto" }} tabIndex={0} role="group"
               aria-label={t("templates.values")}>
          {found.map(({ name, detail, info }) => (
            <UnstyledButton key={name} onClick={() => onChoose(name)}>
              <Text size="sm" ff="monospace" span>{name}</Text>
              <Text size="xs" c="dimmed" span>{` ${detail} · ${info}`}</Text>
            </UnstyledButton>
          ))}
        </Stack>
      </Stack>
    </Panel>
  );
}
