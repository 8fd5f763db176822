// SPDX-License-Identifier: Apache-2.0
// Makes a webhook: its name, who signs how, what its messages mean. Then its address and, once, its
// secret.
import { Button, Code, Group, Modal, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { FailureNote, ShownOnce } from "@/components";
import { t } from "@/i18n";
import { EXAMPLE, HOOKS, addressOfHook, parsed, type Made } from "./hook";
import { MappingField } from "./MappingField";

export function AddHook({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [made, setMade] = useState<Made>();
  const close = () => { setMade(undefined); onClose(); };

  return (
    <Modal opened={isOpen} onClose={close} size="lg"
           title={made ? t("hooks.addedTitle", { name: made.name }) : t("hooks.addTitle")}
           closeButtonProps={{ "aria-label": t("common.close") }}>
      {made ? <Told made={made} onClose={close} /> : <Form onMade={setMade} />}
    </Modal>
  );
}

function Told({ made, onClose }: { made: Made; onClose: () => void }) {
  return (
    <Stack>
      <div>
        <Text size="sm" fw={500}>{t("hooks.address")}</Text>
        <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {addressOfHook(made.address)}
        </Code>
      </div>
      <ShownOnce title={t("common.secret")} hint={t("hooks.once")} secret={made.secret} />
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("common.close")}</Button>
      </Group>
    </Stack>
  );
}

function Form({ onMade }: { onMade: (made: Made) => void }) {
  const [name, setName] = useState("");
  const [scheme, setScheme] = useState("standard");
  const [secret, setSecret] = useState("");
  const [mapping, setMapping] = useState(EXAMPLE);
  const add = useAction<void, Made>(
    () => ({
      method: "POST",
      path: HOOKS,
      body: { name: name.trim(), scheme, mapping: parsed(mapping), ...(secret && { secret }) },
    }),
    { stale: [HOOKS], onDone: onMade },
  );

  return (
    <form onSubmit={(event) => { event.preventDefault(); add.mutate(undefined); }}>
      <Stack>
        <TextInput label={t("hooks.name")} description={t("hooks.nameAdvice")} required
                   data-autofocus value={name} onChange={(event) => setName(event.target.value)} />
        <NativeSelect label={t("hooks.scheme")} value={scheme}
                      onChange={(event) => setScheme(event.target.value)}
                      data={[{ value: "standard", label: t("hooks.standard") },
                             { value: "stripe", label: t("hooks.stripe") }]} />
        <TextInput label={t("hooks.secret")} description={t("hooks.secretAdvice")} value={secret}
                   autoComplete="off" onChange={(event) => setSecret(event.target.value.trim())} />
        <MappingField value={mapping} onChange={setMapping} />
        <FailureNote error={add.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={add.isPending}
                  disabled={name.trim() === "" || parsed(mapping) === undefined}>
            {t("hooks.doAdd")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
