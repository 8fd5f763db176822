// SPDX-License-Identifier: Apache-2.0
// A new secret, shown once; the one before counts for a while as well.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useAction } from "@/api/queries";
import { FailureNote, ShownOnce } from "@/components";
import { t } from "@/i18n";
import { HOOKS } from "./hook";

export function Rotate({ id, name }: { id: string; name: string }) {
  const [isOpen, { open, close }] = useDisclosure();

  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open}
              aria-label={`${t("hooks.rotate")}: ${name}`}>
        {t("hooks.rotate")}
      </Button>
      <Modal opened={isOpen} onClose={close} title={t("hooks.rotateTitle", { name })}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        {isOpen && <Form id={id} onDone={close} />}
      </Modal>
    </>
  );
}

function Form({ id, onDone }: { id: string; onDone: () => void }) {
  const rotate = useAction<void, { secret: string }>(
    () => ({ method: "POST", path: `${HOOKS}/${id}/secret`, body: {} }), { stale: [HOOKS] });

  return (
    <Stack>
      {rotate.data
        ? <ShownOnce title={t("hooks.secretTitle")} hint={t("hooks.once")}
                     secret={rotate.data.secret} />
        : <Text size="sm">{t("hooks.rotateMeans")}</Text>}
      <FailureNote error={rotate.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {t(rotate.data ? "common.close" : "common.cancel")}
        </Button>
        {!rotate.data && (
          <Button loading={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
            {t("hooks.rotate")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
