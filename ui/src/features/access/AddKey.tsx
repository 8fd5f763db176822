// SPDX-License-Identifier: Apache-2.0
// A new API key: what it is for and what it may do. It is shown once.
import { Button, Checkbox, Group, Modal, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useAction } from "@/api/queries";
import { useMay } from "@/api/session";
import { FailureNote, ShownOnce } from "@/components";
import { t } from "@/i18n";
import { keyPermissions } from "./role";

interface NewKey {
  name: string;
  permissions: string[];
  expires_at?: string;
}

export function AddKey({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("access.addKey")} size="lg"
           closeButtonProps={{ "aria-label": t("common.close") }}>
      <KeyForm onClose={onClose} />
    </Modal>
  );
}

function KeyForm({ onClose }: { onClose: () => void }) {
  const may = useMay();
  const [name, setName] = useState("");
  const [permissions, setPermissions] = useState<string[]>([]);
  const [expires, setExpires] = useState("");
  const add = useAction<NewKey, { key: string }>(
    (body) => ({ method: "POST", path: "/api/v1/keys", body }), { stale: ["/api/v1/keys"] },
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    add.mutate({ name: name.trim(), permissions, ...(expires ? { expires_at: expires } : {}) });
  }

  if (add.data)
    return (
      <Stack>
        <ShownOnce title={t("access.keyTitle", { name })} hint={t("access.keyOnce")}
                   secret={add.data.key} />
        <Group justify="flex-end"><Button onClick={onClose}>{t("common.close")}</Button></Group>
      </Stack>
    );
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={t("access.keyName")} description={t("access.keyNameAdvice")} required
                   data-autofocus value={name} onChange={(event) => setName(event.target.value)} />
        <Checkbox.Group label={t("access.keyMay")} description={t("access.keyMayAdvice")}
                        value={permissions} onChange={setPermissions} required>
          <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs" spacing="xs">
            {keyPermissions.filter(may).map((permission) => (
              <Checkbox key={permission} value={permission} label={t(`access.${permission}`)} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <TextInput type="date" label={t("access.keyUntil")} value={expires} maw={220}
                   description={t("access.keyUntilAdvice")}
                   onChange={(event) => setExpires(event.target.value)} />
        <FailureNote error={add.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" loading={add.isPending} disabled={permissions.length === 0}>
            {t("common.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
