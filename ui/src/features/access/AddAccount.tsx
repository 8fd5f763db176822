// SPDX-License-Identifier: Apache-2.0
// A new account: name and role, then the link that is sent to its owner.
import { Button, Group, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useAction } from "@/api/queries";
import { FailureNote, ShownOnce } from "@/components";
import { sentence } from "@/components/failure";
import { t } from "@/i18n";
import { roleChoices, roleMeaning, type Role } from "./role";

interface NewAccount {
  name: string;
  display_name?: string;
  role: Role;
}

export function AddAccount({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  return (
    <Modal opened={isOpen} onClose={onClose} title={t("access.addAccount")}
           closeButtonProps={{ "aria-label": t("common.close") }}>
      <AccountForm onClose={onClose} />
    </Modal>
  );
}

function AccountForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [shownAs, setShownAs] = useState("");
  const [role, setRole] = useState<Role>("marketer");
  const add = useAction<NewAccount, { link: string }>(
    (body) => ({ method: "POST", path: "/api/v1/accounts", body }), { stale: ["/api/v1/accounts"] },
  );
  const errorOf = (field: string) =>
    (add.error?.field === field ? sentence(add.error.message) : undefined);

  function submit(event: FormEvent) {
    event.preventDefault();
    const display_name = shownAs.trim();
    add.mutate({ name: name.trim(), role, ...(display_name ? { display_name } : {}) });
  }

  if (add.data)
    return (
      <Stack>
        <ShownOnce title={t("access.linkTitle", { name })} hint={t("access.linkOnce")}
                   secret={add.data.link} />
        <Group justify="flex-end"><Button onClick={onClose}>{t("common.close")}</Button></Group>
      </Stack>
    );
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={t("access.name")} description={t("access.nameAdvice")} required
                   data-autofocus value={name} autoCapitalize="none" error={errorOf("name")}
                   onChange={(event) => setName(event.target.value)} />
        <TextInput label={t("access.shownAs")} value={shownAs} error={errorOf("display_name")}
                   onChange={(event) => setShownAs(event.target.value)} />
        <Select label={t("access.role")} description={roleMeaning(role)} data={roleChoices()}
                value={role} allowDeselect={false}
                onChange={(value) => value && setRole(value as Role)} />
        <FailureNote error={add.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" loading={add.isPending}>{t("common.add")}</Button>
        </Group>
      </Stack>
    </form>
  );
}
