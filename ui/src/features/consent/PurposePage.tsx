// SPDX-License-Identifier: Apache-2.0
// One purpose: through which channels, on which legal basis, in which words. Saving makes a new
// version; consents keep naming the one whose text was shown.
import {
  Anchor, Button, Checkbox, Group, NativeSelect, Stack, Switch, Text, Textarea, TextInput,
} from "@mantine/core";
import { IconDeviceFloppy, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router-dom";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, FailureNote, LoadingTable, notify, Page, PageHeader, Panel, useAddressState,
} from "@/components";
import { t } from "@/i18n";
import {
  addressOf, BASES, basisWord, CHANNELS, channelWord, emptyDefinition, emptyWords, pathOf,
  PURPOSES_PATH, withUse, withWords, type Definition, type PurposeShown, type PurposeWords,
} from "./consent";

export default function PurposePage() {
  const { name = "" } = useParams();
  const [isNew] = useAddressState("new");
  const purpose = useApi<PurposeShown>(pathOf(name), {}, { enabled: isNew === "" });
  const blank: PurposeShown = {
    name, version: 0, definition: emptyDefinition,
    versions: { columns: [], rows: [], row_count: 0 },
  };

  return (
    <Page>
      {isNew !== ""
        ? <Editor key={name} saved={blank} />
        : (
          <Answer of={purpose} loading={<LoadingTable />}>
            {(found) => <Editor key={`${found.name} ${found.version}`} saved={found} />}
          </Answer>
        )}
    </Page>
  );
}

interface PartProps {
  definition: Definition;
  isLocked: boolean;
  onChange: (definition: Definition) => void;
}

function Editor({ saved }: { saved: PurposeShown }) {
  const isLocked = !useMay()("change_settings");
  const navigate = useNavigate();
  const [definition, setDefinition] = useState(saved.definition);
  const save = useAction<undefined, { version: number }>(
    () => ({ method: "PUT", path: pathOf(saved.name), body: definition }),
    { stale: [PURPOSES_PATH],
      onDone: ({ version }) => {
        notify(t("consent.saved", { version }));
        void navigate(addressOf(saved.name), { replace: true });
      } });
  const part = { definition, isLocked, onChange: setDefinition };

  return (
    <Stack gap="lg">
      <PageHeader title={saved.name}
                  sentence={saved.version > 0 ? t("consent.versionOf", { version: saved.version })
                    : t("consent.isNew")}
                  above={<Anchor component={Link} to="/govern/consent" size="sm">
                    {t("consent.allOfThem")}
                  </Anchor>}>
        {!isLocked && (
          <Button leftSection={<IconDeviceFloppy size={16} />} loading={save.isPending}
                  disabled={definition === saved.definition && saved.version > 0}
                  onClick={() => save.mutate(undefined)}>
            {t("consent.save")}
          </Button>
        )}
      </PageHeader>
      <FailureNote error={save.error} />
      <Channels {...part} />
      <Languages {...part} />
      {saved.version > 0 && (
        <Panel title={t("consent.versions")} sentence={t("consent.versionsHint")}>
          <DataTable table={saved.versions} name={t("consent.versions")} hasDownload={false} />
        </Panel>
      )}
    </Stack>
  );
}

function Channels({ definition, isLocked, onChange }: PartProps) {
  return (
    <Panel title={t("consent.channels")} sentence={t("consent.channelsHint")}>
      <Stack gap="sm">
        <Switch label={t("consent.isMarketing")} description={t("consent.isMarketingHint")}
                checked={definition.is_marketing} disabled={isLocked}
                onChange={(event) =>
                  onChange({ ...definition, is_marketing: event.currentTarget.checked })} />
        {CHANNELS.map((channel) => (
          <ChannelRow key={channel} channel={channel} definition={definition} isLocked={isLocked}
                      onChange={onChange} />
        ))}
      </Stack>
    </Panel>
  );
}

function ChannelRow({ channel, definition, isLocked, onChange }: PartProps & { channel: string }) {
  const use = definition.channels[channel];
  const name = channelWord(channel);
  const bases = BASES.map((basis) => ({ value: basis, label: basisWord(basis) }));

  return (
    <Group gap="sm" mih={36}>
      <Text size="sm" w={128}>{name}</Text>
      <NativeSelect aria-label={t("consent.basisOf", { channel: name })} value={use?.basis ?? ""}
                    disabled={isLocked} w={224}
                    data={[{ value: "", label: t("consent.notUsed") }, ...bases]}
                    onChange={({ currentTarget: { value } }) => onChange(
                      withUse(definition, channel, value === "" ? null : { ...use, basis: value }))
                    } />
      {use?.basis === "consent" && (
        <Checkbox label={t("consent.doubleOptIn")} checked={use.double_opt_in ?? false}
                  disabled={isLocked} aria-label={t("consent.doubleOptInOf", { channel: name })}
                  onChange={(event) => onChange(withUse(definition, channel, {
                    ...use, double_opt_in: event.currentTarget.checked,
                  }))} />
      )}
    </Group>
  );
}

// ---- words ----

function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function Languages({ definition, isLocked, onChange }: PartProps) {
  const languages = Object.keys(definition.languages);
  const [wanted, setWanted] = useState("");
  const isSound = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?$/.test(wanted);

  return (
    <>
      {languages.map((language) => (
        <Panel key={language} title={t("consent.wordsIn", { language: languageName(language) })}
               aside={!isLocked && languages.length > 1 && (
                 <Button variant="subtle" size="compact-sm" leftSection={<IconTrash size={16} />}
                         aria-label={t("consent.removeWords", {
                           language: languageName(language),
                         })}
                         onClick={() => onChange(withWords(definition, language, null))}>
                   {t("consent.remove")}
                 </Button>
               )}>
          <Words words={definition.languages[language] ?? emptyWords} isLocked={isLocked}
                 onChange={(words) => onChange(withWords(definition, language, words))} />
        </Panel>
      ))}
      {!isLocked && (
        <Group align="flex-end" gap="xs">
          <TextInput label={t("consent.language")} placeholder="nl" value={wanted} w={140}
                     onChange={(event) => setWanted(event.currentTarget.value.trim())} />
          <Button variant="default" leftSection={<IconPlus size={16} />}
                  disabled={!isSound || languages.includes(wanted)}
                  onClick={() => {
                    onChange(withWords(definition, wanted, emptyWords));
                    setWanted("");
                  }}>
            {t("consent.addLanguage")}
          </Button>
        </Group>
      )}
    </>
  );
}

interface WordsProps {
  words: PurposeWords;
  isLocked: boolean;
  onChange: (words: PurposeWords) => void;
}

function Words({ words, isLocked, onChange }: WordsProps) {
  return (
    <Stack gap="sm">
      <TextInput label={t("consent.title")} value={words.title} readOnly={isLocked}
                 onChange={(event) => onChange({ ...words, title: event.currentTarget.value })} />
      <Textarea label={t("consent.explanation")} value={words.explanation} readOnly={isLocked}
                autosize minRows={2}
                onChange={(event) =>
                  onChange({ ...words, explanation: event.currentTarget.value })} />
      <Textarea label={t("consent.text")} description={t("consent.textHint")} value={words.text}
                readOnly={isLocked} autosize minRows={3}
                onChange={(event) => onChange({ ...words, text: event.currentTarget.value })} />
    </Stack>
  );
}
