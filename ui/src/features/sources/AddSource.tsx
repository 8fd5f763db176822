// SPDX-License-Identifier: Apache-2.0
// A new source: what it is called, what it is, when its silence is an alarm. Its key is shown once.
import { Button, Group, Modal, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useAction } from "@/api/queries";
import { FailureNote, ShownOnce } from "@/components";
import { t } from "@/i18n";
import { SOURCES_PATH, sourceTypes, typeName } from "./source";

interface NewSource {
  name: string;
  type: string;
  silence_s: number;
}

export function AddSource({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("sources.add")} size="lg"
           closeButtonProps={{ "aria-label": t("common.close") }}>
      <SourceForm onClose={onClose} />
    </Modal>
  );
}

function SourceForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [type, setType] = useState<string>("website");
  const [minutes, setMinutes] = useState<number | string>(0);
  const add = useAction<NewSource, { key: string }>(
    (body) => ({ method: "POST", path: SOURCES_PATH, body }), { stale: [SOURCES_PATH] });

  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate({ name: name.trim(), type, silence_s: Number(minutes) * 60 });
  }

  if (add.data)
    return (
      <Stack>
        <ShownOnce title={t("sources.keyTitle", { name })} hint={t("sources.keyOnce")}
                   secret={add.data.key} />
        <Group justify="flex-end"><Button onClick={onClose}>{t("common.close")}</Button></Group>
      </Stack>
    );
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={t("sources.name")} description={t("sources.nameAdvice")} required
                   data-autofocus value={name} onChange={(event) => setName(event.target.value)} />
        <Select label={t("sources.type")} description={t("sources.typeAdvice")} value={type}
                allowDeselect={false} onChange={(next) => setType(next ?? "website")}
                data={sourceTypes.map((value) => ({ value, label: typeName(value) }))} />
        <NumberInput label={t("sources.silence")} description={t("sources.silenceAdvice")}
                     value={minutes} onChange={setMinutes} min={0} max={500_000} maw={220} />
        <FailureNote error={add.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" loading={add.isPending}>{t("common.add")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
