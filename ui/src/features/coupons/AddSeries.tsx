// SPDX-License-Identifier: Apache-2.0
// Makes a series: what a code gives, when it may be redeemed, one code for each or for everybody.
import {
  Button, Group, Modal, NativeSelect, NumberInput, SimpleGrid, Stack, Switch, TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { useAction } from "@/api/queries";
import { useSession } from "@/api/session";
import { FailureNote } from "@/components";
import { t } from "@/i18n";
import { addressOf, SERIES_PATH, type Series } from "./coupon";

interface AddSeriesProps {
  isOpen: boolean;
  onClose: () => void;
}

export function AddSeries({ isOpen, onClose }: AddSeriesProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("coupons.add")} size="lg"
           closeButtonProps={{ "aria-label": t("common.close") }}>
      {isOpen && <Form onClose={onClose} />}
    </Modal>
  );
}

const EMPTY = {
  name: "", kind: "percent", value: 10, title: "", note: "", minimum: 0, from: "", until: "",
  isShared: false, code: "", uses: 0, most: 0,
};
type Draft = typeof EMPTY;

function bodyOf(draft: Draft) {
  const { kind, value, title, note, minimum, from, until } = draft;
  const terms = {
    kind, title: title.trim(), note: note.trim(), minimum, from, until,
    value: kind === "text" ? 0 : value,
  };

  return {
    name: draft.name.trim(), terms,
    ...(draft.isShared && { shared_code: draft.code.trim(), uses: draft.uses }),
    ...(!draft.isShared && draft.most > 0 && { most: draft.most }),
  };
}

function Form({ onClose }: { onClose: () => void }) {
  const [draft, setDraft] = useState(EMPTY);
  const navigate = useNavigate();
  const currency = useSession().data?.business?.currency ?? "";
  const change = (part: Partial<Draft>) => setDraft((former) => ({ ...former, ...part }));
  const add = useAction<undefined, Series>(
    () => ({ method: "POST", path: SERIES_PATH, body: bodyOf(draft) }),
    { stale: [SERIES_PATH], onDone: ({ name }) => void navigate(addressOf(name)) });
  const isWhole = draft.name.trim() !== "" && (!draft.isShared || draft.code.trim() !== "")
    && (draft.kind !== "text" || draft.title.trim() !== "");

  return (
    <form onSubmit={(event) => { event.preventDefault(); add.mutate(undefined); }}>
      <Stack>
        <TextInput label={t("coupons.name")} value={draft.name} required data-autofocus
                   onChange={(event) => change({ name: event.currentTarget.value })} />
        <Gives draft={draft} currency={currency} change={change} />
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <TextInput label={t("coupons.from")} type="date" value={draft.from}
                     onChange={(event) => change({ from: event.currentTarget.value })} />
          <TextInput label={t("coupons.until")} type="date" value={draft.until}
                     onChange={(event) => change({ until: event.currentTarget.value })} />
          <NumberInput label={t("coupons.minimum", { currency })} value={draft.minimum} min={0}
                       onChange={(value) => change({ minimum: Number(value) })} />
        </SimpleGrid>
        <Switch label={t("coupons.isShared")} description={t("coupons.isSharedHint")}
                checked={draft.isShared}
                onChange={(event) => change({ isShared: event.currentTarget.checked })} />
        {draft.isShared
          ? (
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
              <TextInput label={t("coupons.code")} value={draft.code} required
                         onChange={(event) => change({ code: event.currentTarget.value })} />
              <NumberInput label={t("coupons.uses")} value={draft.uses} min={0}
                           onChange={(value) => change({ uses: Number(value) })} />
            </SimpleGrid>
          )
          : <NumberInput label={t("coupons.most")} value={draft.most} min={0} maw={280}
                         onChange={(value) => change({ most: Number(value) })} />}
        <FailureNote error={add.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" loading={add.isPending} disabled={!isWhole}>
            {t("coupons.make")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface GivesProps {
  draft: Draft;
  currency: string;
  change: (part: Partial<Draft>) => void;
}

function Gives({ draft, currency, change }: GivesProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <NativeSelect label={t("coupons.kind")} value={draft.kind}
                    data={[{ value: "percent", label: t("coupons.percent") },
                           { value: "amount", label: t("coupons.amount", { currency }) },
                           { value: "text", label: t("coupons.text") }]}
                    onChange={(event) => change({ kind: event.currentTarget.value })} />
      {draft.kind !== "text" && (
        <NumberInput label={t("coupons.value")} value={draft.value} min={0}
                     suffix={draft.kind === "percent" ? " %" : ` ${currency}`}
                     onChange={(value) => change({ value: Number(value) })} />
      )}
      <TextInput label={t("coupons.title")} description={t("coupons.titleHint")}
                 required={draft.kind === "text"} value={draft.title}
                 onChange={(event) => change({ title: event.currentTarget.value })} />
      <TextInput label={t("coupons.note")} description={t("coupons.noteHint")} value={draft.note}
                 onChange={(event) => change({ note: event.currentTarget.value })} />
    </SimpleGrid>
  );
}
