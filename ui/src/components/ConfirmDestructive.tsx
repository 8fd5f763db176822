// SPDX-License-Identifier: Apache-2.0
// Asks before something is taken away. `children` say with counts what it will touch; the button
// repeats the deed ("Delete 3 keys"), never just "OK".
import { Button, Group, Modal, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "@/i18n";
import { FailureNote } from "./FailureNote";

export interface ConfirmDestructiveProps {
  isOpen: boolean;
  title: string;
  deed: string; // on the button
  isBusy?: boolean;
  error?: unknown;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function ConfirmDestructive(props: ConfirmDestructiveProps) {
  return (
    <Modal opened={props.isOpen} onClose={props.onClose} title={props.title}
           closeButtonProps={{ "aria-label": t("common.close") }}>
      <Stack>
        <div>{props.children}</div>
        <FailureNote error={props.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose} data-autofocus>
            {t("common.cancel")}
          </Button>
          <Button color="red" loading={props.isBusy ?? false} onClick={props.onConfirm}>
            {props.deed}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
