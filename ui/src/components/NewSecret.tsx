// SPDX-License-Identifier: Apache-2.0
// A new secret of something that signs, after saying what it means for the one before; then shown
// once.
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useAction } from "@/api/queries";
import { t } from "@/i18n";
import { FailureNote } from "./FailureNote";
import { ShownOnce } from "./ShownOnce";

export interface NewSecretProps {
  path: string; // posted to; its answer holds the secret
  stale: readonly string[]; // as useAction has it
  name?: string; // what has the secret, where a page shows several
  title: string;
  meaning: string; // for the one before
  hint: string; // who has to know the new one
}

export function NewSecret(props: NewSecretProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const { name, title } = props;

  return (
    <>
      <Button variant="default" size="compact-sm" onClick={open}
              {...(name && { "aria-label": `${t("common.newSecret")}: ${name}` })}>
        {t("common.newSecret")}
      </Button>
      <Modal opened={isOpen} onClose={close} title={title}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        {isOpen && <Form {...props} onDone={close} />}
      </Modal>
    </>
  );
}

function Form({ path, stale, meaning, hint, onDone }: NewSecretProps & { onDone: () => void }) {
  const make = useAction<void, { secret: string }>(
    () => ({ method: "POST", path, body: {} }), { stale });

  return (
    <Stack>
      {make.data
        ? <ShownOnce title={t("common.secret")} hint={hint} secret={make.data.secret} />
        : <Text size="sm">{meaning}</Text>}
      <FailureNote error={make.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {t(make.data ? "common.close" : "common.cancel")}
        </Button>
        {!make.data && (
          <Button loading={make.isPending} onClick={() => make.mutate(undefined)}>
            {t("common.newSecret")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
