// SPDX-License-Identifier: Apache-2.0
// The banner's words by language, and the banner itself as the tag draws it.
import { Box, Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Panel } from "@/components";
import { t } from "@/i18n";
import { makeBanner } from "../../../tag/banner";
import { emptyTexts, type Configuration, type Texts } from "./tag";

interface Props {
  draft: Configuration;
  onChange: (draft: Configuration) => void;
}

const words = [
  ["title", "tags.wordTitle"], ["accept", "tags.wordAccept"], ["refuse", "tags.wordRefuse"],
  ["save", "tags.wordSave"], ["choices", "tags.wordChoices"], ["withdraw", "tags.wordWithdraw"],
  ["policy", "tags.wordPolicy"],
] as const;

export function BannerEditor({ draft, onChange }: Props) {
  const languages = Object.keys(draft.languages);
  const [chosen, setChosen] = useState(languages[0] ?? "");
  const language = draft.languages[chosen] ? chosen : languages[0] ?? "";
  const texts = draft.languages[language];
  const put = (next: Texts) =>
    onChange({ ...draft, languages: { ...draft.languages, [language]: next } });

  return (
    <Stack>
      {texts && (
        <Panel title={t("tags.preview")}>
          <Preview draft={draft} texts={texts} language={language} />
        </Panel>
      )}
      <Panel title={t("tags.tabBanner")} sentence={t("tags.bannerSentence")}>
        <Stack>
          <Languages draft={draft} language={language} onChoose={setChosen} onChange={onChange} />
          {texts && <Words draft={draft} texts={texts} onChange={put} />}
        </Stack>
      </Panel>
    </Stack>
  );
}

function Languages({ draft, language, onChoose, onChange }: Props & {
  language: string; onChoose: (language: string) => void;
}) {
  const [added, setAdded] = useState("");
  const languages = Object.keys(draft.languages);
  const isNew = /^[a-z]{2,3}(-[A-Za-z0-9]{2,7})?$/.test(added) && !languages.includes(added);
  const add = () => {
    onChange({ ...draft, languages: { ...draft.languages, [added]: emptyTexts(draft) } });
    onChoose(added);
    setAdded("");
  };
  const remove = () => onChange({
    ...draft,
    languages: Object.fromEntries(
      Object.entries(draft.languages).filter(([one]) => one !== language)),
  });

  return (
    <Group align="flex-end">
      <Select label={t("tags.language")} data={languages} value={language} allowDeselect={false}
              onChange={(one) => onChoose(one ?? "")} />
      <TextInput label={t("tags.languageCode")} value={added} maxLength={11}
                 onChange={(event) => setAdded(event.target.value.trim())} />
      <Button variant="default" disabled={!isNew} onClick={add}>{t("tags.addLanguage")}</Button>
      {languages.length > 1 && (
        <Button variant="subtle" color="red" onClick={remove}>
          {t("tags.removeLanguage", { language })}
        </Button>
      )}
    </Group>
  );
}

function Words({ draft, texts, onChange }: {
  draft: Configuration; texts: Texts; onChange: (texts: Texts) => void;
}) {
  const putPurpose = (name: string, change: Partial<{ label: string; text: string }>) => {
    const former = texts.purposes[name] ?? { label: name, text: "" };
    onChange({ ...texts, purposes: { ...texts.purposes, [name]: { ...former, ...change } } });
  };

  return (
    <Stack>
      <Textarea label={t("tags.wordText")} autosize minRows={2} maxLength={2000} value={texts.text}
                onChange={(event) => onChange({ ...texts, text: event.target.value })} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {words.map(([name, label]) => (
          <TextInput key={name} label={t(label)} value={texts[name] ?? ""} maxLength={80}
                     onChange={(event) => onChange({ ...texts, [name]: event.target.value })} />
        ))}
        {draft.purposes.flatMap(({ name }) => [
          <TextInput key={`${name} label`} label={t("tags.purposeLabel", { purpose: name })}
                     value={texts.purposes[name]?.label ?? ""} maxLength={200}
                     onChange={(event) => putPurpose(name, { label: event.target.value })} />,
          <Textarea key={`${name} text`} label={t("tags.purposeText", { purpose: name })} autosize
                    value={texts.purposes[name]?.text ?? ""} maxLength={2000}
                    onChange={(event) => putPurpose(name, { text: event.target.value })} />,
        ])}
      </SimpleGrid>
    </Stack>
  );
}

// The tag's own code, in a box that "fixed" is relative to.
function Preview({ draft, texts, language }: {
  draft: Configuration; texts: Texts; language: string;
}) {
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const parent = box.current!;
    const banner = makeBanner(draft, texts, language, {
      isGranted: () => false, isAnyGranted: () => true, answer: () => undefined,
    }, parent);
    if (draft.mode === "exempt") banner.close();
    else banner.ask();
    return () => parent.replaceChildren();
  }, [draft, texts, language]);
  return (
    <Box ref={box} h={draft.mode === "exempt" ? 80 : 420}
         bd="1px solid var(--mantine-color-default-border)"
         style={{ transform: "translate(0)", overflow: "auto" }} />
  );
}
