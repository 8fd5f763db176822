// SPDX-License-Identifier: Apache-2.0
// What can be done with one account: another role, a new link, disabling and enabling.
import {
  ActionIcon, Button, Checkbox, Group, Menu, Modal, Select, Stack, Text,
} from "@mantine/core";
import { IconDotsVertical } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { useAccount } from "@/api/session";
import { ConfirmDestructive, FailureNote, ShownOnce } from "@/components";
import { t } from "@/i18n";
import { roleChoices, roleMeaning, type Role } from "./role";

const ACCOUNTS = "/api/v1/accounts";

export interface AccountRow {
  id: string;
  name: string;
  display_name: string;
  role: string;
  state: string;
  hasFactor: boolean;
}

type Dialogue = "role" | "link" | "disable" | null;

export function AccountActions({ account }: { account: AccountRow }) {
  const own = useAccount();
  const [dialogue, setDialogue] = useState<Dialogue>(null);
  const close = () => setDialogue(null);
  const change = useAction<{ role?: string; state?: string }>(
    (body) => ({ method: "PATCH", path: `${ACCOUNTS}/${account.id}`, body }),
    { stale: [ACCOUNTS, "/api/v1/session"], onDone: close },
  );

  if (account.id === own.id) return <Text size="sm" c="dimmed">{t("access.you")}</Text>;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray"
                      aria-label={t("access.actionsOf", { name: account.name })}>
            <IconDotsVertical size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setDialogue("role")}>{t("access.changeRole")}</Menu.Item>
          <Menu.Item onClick={() => setDialogue("link")}>{t("access.newLink")}</Menu.Item>
          {account.state === "disabled"
            ? <Menu.Item onClick={() => change.mutate({ state: "active" })}>
                {t("access.enable")}
              </Menu.Item>
            : <Menu.Item color="red" onClick={() => setDialogue("disable")}>
                {t("access.disable")}
              </Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <RoleDialogue account={account} isOpen={dialogue === "role"} onClose={close}
                    isBusy={change.isPending} error={change.error}
                    onChange={(role) => change.mutate({ role })} />
      <LinkDialogue account={account} isOpen={dialogue === "link"} onClose={close} />
      <ConfirmDestructive isOpen={dialogue === "disable"} onClose={close}
                          title={t("access.disableTitle", { name: account.name })}
                          deed={t("access.disable")} isBusy={change.isPending} error={change.error}
                          onConfirm={() => change.mutate({ state: "disabled" })}>
        {t("access.disableMeans")}
      </ConfirmDestructive>
    </>
  );
}

interface DialogueProps {
  account: AccountRow;
  isOpen: boolean;
  onClose: () => void;
}

function RoleDialogue(props: DialogueProps & {
  isBusy: boolean; error: unknown; onChange: (role: Role) => void;
}) {
  const [role, setRole] = useState(props.account.role as Role);

  return (
    <Modal opened={props.isOpen} onClose={props.onClose}
           title={t("access.roleOf", { name: props.account.name })}
           closeButtonProps={{ "aria-label": t("common.close") }}>
      <Stack>
        <Select label={t("access.role")} description={roleMeaning(role)} data={roleChoices()}
                value={role} allowDeselect={false}
                onChange={(value) => value && setRole(value as Role)} />
        <Text size="sm" c="dimmed">{t("access.roleMeans")}</Text>
        <FailureNote error={props.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>{t("common.cancel")}</Button>
          <Button loading={props.isBusy} onClick={() => props.onChange(role)}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function LinkDialogue({ account, isOpen, onClose }: DialogueProps) {
  const [isReset, setIsReset] = useState(false);
  const invite = useAction<undefined, { link: string }>(
    () => ({
      method: "POST", path: `${ACCOUNTS}/${account.id}/invitation`,
      body: { reset_second_factor: isReset },
    }),
    { stale: [ACCOUNTS] },
  );

  function close() {
    invite.reset();
    onClose();
  }

  return (
    <Modal opened={isOpen} onClose={close} title={t("access.linkFor", { name: account.name })}
           closeButtonProps={{ "aria-label": t("common.close") }}>
      {invite.data
        ? <ShownOnce title={t("access.linkTitle", { name: account.name })}
                     hint={t("access.linkOnce")} secret={invite.data.link} />
        : (
          <Stack>
            <Text>{t("access.linkMeans")}</Text>
            {account.hasFactor && (
              <Checkbox label={t("access.resetFactor")} checked={isReset}
                        onChange={(event) => setIsReset(event.target.checked)} />
            )}
            <FailureNote error={invite.error} />
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>{t("common.cancel")}</Button>
              <Button loading={invite.isPending} onClick={() => invite.mutate(undefined)}>
                {t("access.makeLink")}
              </Button>
            </Group>
          </Stack>
        )}
    </Modal>
  );
}
