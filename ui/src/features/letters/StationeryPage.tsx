// SPDX-License-Identifier: Apache-2.0
// What letters look like: the envelope's window, the letterhead, paper and postage. A letter can be
// fetched as it would be printed.
import {
  ActionIcon, Button, FileButton, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Switch,
  Text, Textarea, TextInput,
} from "@mantine/core";
import { IconFileTypePdf, IconPhoto, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { fetchFile } from "@/api/client";
import { useAction, useApi } from "@/api/queries";
import { useMay, useSession } from "@/api/session";
import {
  Answer, FailureNote, LoadingTable, notify, Page, PageHeader, Panel, saveFile,
} from "@/components";
import { t, type Key } from "@/i18n";
import {
  base64Of, FORMATS, STATIONERY_PATH, type Price, type Stationery,
} from "./stationery";

export default function StationeryPage() {
  const stationery = useApi<Stationery>(STATIONERY_PATH);

  return (
    <Page>
      <PageHeader title={t("shell.letters")} sentence={t("letters.sentence")} />
      <Answer of={stationery} loading={<LoadingTable rows={8} />}>
        {(shown) => <Editor saved={shown} />}
      </Answer>
      <Preview />
    </Page>
  );
}

interface PartProps {
  draft: Stationery;
  isLocked: boolean;
  change: (part: Partial<Stationery>) => void;
}

function Editor({ saved }: { saved: Stationery }) {
  const isLocked = !useMay()("change_segments");
  const [draft, setDraft] = useState(saved);
  const change = (part: Partial<Stationery>) => setDraft((former) => ({ ...former, ...part }));
  const save = useAction<undefined>(
    () => ({ method: "PUT", path: STATIONERY_PATH, body: draft }),
    { stale: [STATIONERY_PATH], onDone: () => notify(t("letters.saved")) });
  const part = { draft, isLocked, change };

  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate(undefined); }}>
      <Stack gap="lg">
        <Panel title={t("letters.letterhead")} sentence={t("letters.letterheadHint")}>
          <Letterhead {...part} />
        </Panel>
        <Panel title={t("letters.paper")} sentence={t("letters.paperHint")}>
          <Paper {...part} />
        </Panel>
        <Panel title={t("letters.postage")} sentence={t("letters.postageHint")}>
          <Postage {...part} />
        </Panel>
        <FailureNote error={save.error} />
        {!isLocked && (
          <Group>
            <Button type="submit" loading={save.isPending}>{t("letters.save")}</Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

function Letterhead({ draft, isLocked, change }: PartProps) {
  const line = (name: "company" | "sender" | "font" | "language" | "page_word") => (
    <TextInput label={t(`letters.${name}` as Key)} description={t(`letters.${name}_hint` as Key)}
               inputWrapperOrder={["label", "input", "description"]} readOnly={isLocked}
               value={draft[name] ?? ""}
               onChange={(event) => change({ [name]: event.currentTarget.value })} />
  );
  const lines = (name: "contact" | "footer") => (
    <Textarea label={t(`letters.${name}` as Key)} description={t(`letters.${name}_hint` as Key)}
              inputWrapperOrder={["label", "input", "description"]} readOnly={isLocked} autosize
              minRows={3} value={draft[name] ?? ""}
              onChange={(event) => change({ [name]: event.currentTarget.value })} />
  );

  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <NativeSelect label={t("letters.format")} value={draft.format} disabled={isLocked}
                      data={FORMATS.map((value) =>
                        ({ value, label: t(`letters.${value}` as Key) }))}
                      onChange={(event) => change({ format: event.currentTarget.value })} />
        {line("company")}
        {line("sender")}
        {line("language")}
        {lines("contact")}
        {lines("footer")}
        {line("font")}
        {line("page_word")}
      </SimpleGrid>
      {!isLocked && <Logo draft={draft} change={change} />}
    </Stack>
  );
}

function Logo({ draft, change }: Omit<PartProps, "isLocked">) {
  const hasLogo = (draft.logo ?? "") !== "";

  return (
    <Group gap="xs">
      <Text size="sm">{t(hasLogo ? "letters.logoKept" : "letters.logoNone")}</Text>
      <FileButton accept="image/png"
                  onChange={(file) => file && void base64Of(file).then((logo) => change({ logo }))}>
        {(props) => (
          <Button {...props} size="compact-sm" variant="default"
                  leftSection={<IconPhoto size={16} />}>
            {t("letters.logoChoose")}
          </Button>
        )}
      </FileButton>
      {hasLogo && (
        <Button size="compact-sm" variant="subtle" onClick={() => change({ logo: "" })}>
          {t("letters.logoRemove")}
        </Button>
      )}
    </Group>
  );
}

function Paper({ draft, isLocked, change }: PartProps) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NumberInput label={t("letters.size")} value={draft.size} min={8} max={14} step={0.5}
                     readOnly={isLocked} onChange={(value) => change({ size: Number(value) })} />
        <NumberInput label={t("letters.paper_gsm")} value={draft.paper_gsm} min={1}
                     readOnly={isLocked}
                     onChange={(value) => change({ paper_gsm: Number(value) })} />
        <NumberInput label={t("letters.envelope_grams")} value={draft.envelope_grams} min={0}
                     readOnly={isLocked}
                     onChange={(value) => change({ envelope_grams: Number(value) })} />
      </SimpleGrid>
      <Switch label={t("letters.duplex")} checked={draft.duplex} disabled={isLocked}
              onChange={(event) => change({ duplex: event.currentTarget.checked })} />
    </Stack>
  );
}

// ---- postage ----

function Postage({ draft, isLocked, change }: PartProps) {
  const currency = useSession().data?.business?.currency ?? "EUR";
  const prices = draft.postage ?? [];
  const replace = (place: number, part: Partial<Price>) => change({
    postage: prices.map((price, index) => index === place ? { ...price, ...part } : price),
  });

  return (
    <Stack gap="sm">
      {prices.length === 0 && <Text size="sm" c="dimmed">{t("letters.postageNone")}</Text>}
      {prices.map((price, place) => (
        <PriceRow key={place} price={price} isLocked={isLocked}
                  change={(part) => replace(place, part)}
                  onRemove={() => change({
                    postage: prices.filter((_, index) => index !== place),
                  })} />
      ))}
      {!isLocked && (
        <Group>
          <Button variant="default" size="compact-sm" leftSection={<IconPlus size={16} />}
                  onClick={() => change({
                    postage: [...prices, { country: "DE", most_grams: 20, price: 0.95, currency,
                                           from: "2025-01-01" }],
                  })}>
            {t("letters.addPrice")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface PriceRowProps {
  price: Price;
  isLocked: boolean;
  change: (part: Partial<Price>) => void;
  onRemove: () => void;
}

function PriceRow({ price, isLocked, change, onRemove }: PriceRowProps) {
  return (
    <Group gap="xs" align="flex-end">
      <TextInput label={t("letters.country")} value={price.country} w={90} readOnly={isLocked}
                 onChange={(event) => change({ country: event.currentTarget.value.trim() })} />
      <NumberInput label={t("letters.mostGrams")} value={price.most_grams} min={1} w={110}
                   readOnly={isLocked}
                   onChange={(value) => change({ most_grams: Number(value) })} />
      <NumberInput label={t("letters.price")} value={price.price} min={0} step={0.05} w={110}
                   decimalScale={4} readOnly={isLocked}
                   onChange={(value) => change({ price: Number(value) })} />
      <TextInput label={t("letters.currency")} value={price.currency} w={90} readOnly={isLocked}
                 onChange={(event) => change({ currency: event.currentTarget.value.trim() })} />
      <TextInput label={t("letters.from")} value={price.from} type="date" w={150}
                 readOnly={isLocked}
                 onChange={(event) => change({ from: event.currentTarget.value })} />
      {!isLocked && (
        <ActionIcon variant="subtle" size={36} onClick={onRemove}
                    aria-label={t("letters.removePrice", {
                      country: price.country, grams: price.most_grams,
                    })}>
          <IconTrash size={18} />
        </ActionIcon>
      )}
    </Group>
  );
}

// ---- as it will be printed ----

function Preview() {
  const [subject, setSubject] = useState("");
  const [body, setBody] = useState(t("letters.sampleBody"));
  const [address, setAddress] = useState("");
  const print = useMutation<void, Error>({
    mutationFn: async () => {
      const wanted = { body, subject, ...(address.trim() !== "" && { address: address.trim() }) };
      const { name, blob } = await fetchFile("/api/v1/letter-preview", wanted);

      saveFile(name, blob);
    },
  });

  return (
    <Panel title={t("letters.preview")} sentence={t("letters.previewHint")}>
      <form onSubmit={(event) => { event.preventDefault(); print.mutate(); }}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput label={t("letters.subject")} value={subject}
                       onChange={(event) => setSubject(event.currentTarget.value)} />
            <Textarea label={t("letters.address")} value={address} autosize minRows={1}
                      placeholder={"Erika Mustermann\nMusterstraße 1\n12345 Berlin"}
                      onChange={(event) => setAddress(event.currentTarget.value)} />
          </SimpleGrid>
          <Textarea label={t("letters.body")} description={t("letters.bodyHint")} value={body}
                    autosize minRows={6}
                    onChange={(event) => setBody(event.currentTarget.value)} />
          <FailureNote error={print.error} />
          <Group>
            <Button type="submit" variant="default" loading={print.isPending}
                    disabled={body.trim() === ""} leftSection={<IconFileTypePdf size={16} />}>
              {t("letters.fetch")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
