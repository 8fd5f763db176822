// SPDX-License-Identifier: Apache-2.0
// One template: its parts in an editor, what it may name, what a real customer would get.
import {
  Alert, Button, Grid, Group, SegmentedControl, Stack, Text, TextInput, UnstyledButton,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDeviceFloppy, IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useParams } from "react-router-dom";
import { call, type Table } from "@/api/client";
import { useAction, useApi } from "@/api/queries";
import { recordsOf, textOf } from "@/api/records";
import { useMay } from "@/api/session";
import {
  Answer, FailureNote, LoadingLines, LoadingTable, notify, Page, PageHeader, Panel,
  useAddressState,
} from "@/components";
import { t } from "@/i18n";
import { LiquidEditor, type LiquidEditorHandle } from "./LiquidEditor";
import {
  framed, kindKeys, LANGUAGE_PATH, pathOf, PREVIEW_PATH, TEMPLATES_PATH, vocabularyOf, type Fault,
  type Language, type Preview, type Template, type Vocabulary,
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
  const editor = useRef<LiquidEditorHandle>(null);
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
  editor: React.Ref<LiquidEditorHandle>;
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

// ---- what a customer would get ----

interface PreviewState {
  answer: Preview | undefined;
  error: Error | null;
  isAsking: boolean;
  customer: string;
  setCustomer: (customer: string) => void;
}

// Asked for after a pause in typing; the former answer stays until the next one is there.
function usePreview(draft: Template): PreviewState {
  const [customer, setCustomer] = useAddressState("customer");
  const newest = useApi<{ customers: Table }>("/api/v1/customers", { limit: 1 });
  const record = newest.data && recordsOf(newest.data.customers)[0];
  const first = record ? textOf(record, "id") : "";
  const [key] = useDebouncedValue(customer.trim() || first, 400);
  const [content] = useDebouncedValue(draft, 400);
  const { kind, subject, html, text, variants } = content;
  const body = { kind, subject, html, text, variants, customer: key };
  const query = useQuery<Preview, Error>({
    queryKey: [PREVIEW_PATH, body],
    queryFn: ({ signal }) => call<Preview>("POST", PREVIEW_PATH, body, undefined, signal),
    enabled: key !== "",
    placeholderData: (former) => former,
  });

  return { answer: query.data, error: query.error, isAsking: query.isFetching, customer,
           setCustomer };
}

function Shown({ preview, kind }: { preview: PreviewState; kind: string }) {
  const [width, setWidth] = useAddressState("width", "desktop");
  const { answer, error } = preview;

  return (
    <Panel title={t("templates.preview")}>
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <TextInput label={t("templates.customer")} description={t("templates.customerHint")}
                     value={preview.customer} style={{ flex: 1 }}
                     placeholder={answer?.customer}
                     onChange={(event) => preview.setCustomer(event.currentTarget.value)} />
          <SegmentedControl value={width} onChange={setWidth} aria-label={t("templates.width")}
                            data={[{ value: "desktop", label: t("templates.desktop") },
                                   { value: "phone", label: t("templates.phone") },
                                   { value: "text", label: t("templates.text") }]} />
        </Group>
        <FailureNote error={error} />
        {!answer && !error && <LoadingLines />}
        {answer?.subject && <Text fw={600}>{answer.subject}</Text>}
        {answer && !answer.fault && (width !== "text" && answer.html
          ? <Frame html={answer.html} isNarrow={width === "phone"} />
          : <Text component="pre" size="sm" style={{ whiteSpace: "pre-wrap" }}>
              {answer.text}
            </Text>)}
        {answer?.fault && <Text c="dimmed">{t("templates.mendFirst")}</Text>}
        {kind === "email" && <Text size="xs" c="dimmed">{t("templates.noPictures")}</Text>}
      </Stack>
    </Panel>
  );
}

// White as most programs show mail, whatever the app's own colours.
function Frame({ html, isNarrow }: { html: string; isNarrow: boolean }) {
  return (
    <iframe title={t("templates.preview")} sandbox="" srcDoc={framed(html)}
            style={{ width: isNarrow ? "min(390px, 100%)" : "100%", height: 560, margin: "0 auto",
                     background: "white", colorScheme: "light",
                     border: "1px solid var(--mantine-color-default-border)" }} />
  );
}
