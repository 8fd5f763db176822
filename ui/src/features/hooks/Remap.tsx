// SPDX-License-Identifier: Apache-2.0
// Looks at a webhook's mapping and gives it another one.
import { Button, Group, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useAction, useApi } from "@/api/queries";
import { Answer, FailureNote, notify } from "@/components";
import { t } from "@/i18n";
import { HOOKS, parsed, type Hook } from "./hook";
import { MappingField } from "./MappingField";

export function Remap({ id, name }: { id: string; name: string }) {
  const [isOpen, { open, close }] = useDisclosure();

  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open}
              aria-label={`${t("hooks.remap")}: ${name}`}>
        {t("hooks.remap")}
      </Button>
      <Modal opened={isOpen} onClose={close} size="lg" title={t("hooks.remapTitle", { name })}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        {isOpen && <Loaded id={id} onDone={close} />}
      </Modal>
    </>
  );
}

function Loaded({ id, onDone }: { id: string; onDone: () => void }) {
  const hook = useApi<Hook>(`${HOOKS}/${id}`, {}, { staleTime: 0 });

  return (
    <Answer of={hook}>
      {(data) => <Form id={id} mapping={data.mapping} onDone={onDone} />}
    </Answer>
  );
}

function Form({ id, mapping, onDone }: { id: string; mapping: unknown; onDone: () => void }) {
  const [text, setText] = useState(() => JSON.stringify(mapping, null, 2));
  const remap = useAction<void>(
    () => ({ method: "PUT", path: `${HOOKS}/${id}/mapping`, body: { mapping: parsed(text) } }),
    { stale: [HOOKS], onDone: () => { onDone(); notify(t("hooks.remapped")); } },
  );

  return (
    <Stack>
      <MappingField value={text} onChange={setText} />
      <FailureNote error={remap.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>{t("common.cancel")}</Button>
        <Button loading={remap.isPending} disabled={parsed(text) === undefined}
                onClick={() => remap.mutate(undefined)}>
          {t("hooks.doRemap")}
        </Button>
      </Group>
    </Stack>
  );
}
