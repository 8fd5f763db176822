// SPDX-License-Identifier: Apache-2.0
// The second factor: setting it up with an authenticator app, recovery codes, taking it away.
import { Anchor, Badge, Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { useAction } from "@/api/queries";
import { SESSION_PATH, useSession } from "@/api/session";
import { ConfirmDestructive, FailureNote, Panel, ShownOnce } from "@/components";
import { QrCode } from "@/components/QrCode";
import { t } from "@/i18n";

const PATH = "/api/v1/account/second-factor";

interface Begun {
  secret: string;
  uri: string;
}

export function SecondFactor() {
  const hasFactor = useSession().data?.has_second_factor ?? false;
  const begin = useAction<undefined, Begun>(() => ({ method: "POST", path: PATH }));
  const [codes, setCodes] = useState<string[]>();

  return (
    <Panel title={t("access.factor")} sentence={t("access.factorSentence")}
           aside={<Badge variant="light" color={hasFactor ? "tile" : "gray"}>
             {t(hasFactor ? "access.factorOn" : "access.factorOff")}
           </Badge>}>
      <Stack align="flex-start">
        {codes && <ShownOnce title={t("access.codesTitle")} hint={t("access.codesOnce")}
                             secret={codes.join("\n")} />}
        {hasFactor && <Remove />}
        {!hasFactor && begin.data && <Confirm begun={begin.data} onConfirmed={setCodes} />}
        {!hasFactor && !begin.data && (
          <Button loading={begin.isPending} onClick={() => begin.mutate(undefined)}>
            {t("access.factorBegin")}
          </Button>
        )}
        <FailureNote error={begin.error} />
      </Stack>
    </Panel>
  );
}

function Confirm({ begun, onConfirmed }: {
  begun: Begun; onConfirmed: (codes: string[]) => void;
}) {
  const [code, setCode] = useState("");
  const confirm = useAction<string, { recovery_codes: string[] }>(
    (written) => ({ method: "PUT", path: PATH, body: { code: written } }),
    { stale: [SESSION_PATH], onDone: (answer) => onConfirmed(answer.recovery_codes) },
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    confirm.mutate(code.replaceAll(/\s/g, ""));
  }

  return (
    <form onSubmit={submit}>
      <Stack align="flex-start">
        <Text>{t("access.factorStep1")}</Text>
        <QrCode text={begun.uri} label={t("access.factorPicture")} />
        <Text size="sm" c="dimmed">{t("access.factorByHand")}</Text>
        <Code block fz="md">{begun.secret.match(/.{1,4}/g)?.join(" ")}</Code>
        <Anchor href={begun.uri} size="sm">{t("access.factorOpen")}</Anchor>
        <Text>{t("access.factorStep2")}</Text>
        <Group align="flex-end" gap="xs">
          <TextInput label={t("access.code")} value={code} required maw={180}
                     autoComplete="one-time-code" inputMode="numeric"
                     onChange={(event) => setCode(event.target.value)} />
          <Button type="submit" loading={confirm.isPending}>{t("access.factorConfirm")}</Button>
        </Group>
        <FailureNote error={confirm.error} title={t("access.codeRefused")} />
      </Stack>
    </form>
  );
}

function Remove() {
  const [isAsking, setIsAsking] = useState(false);
  const [code, setCode] = useState("");
  const remove = useAction<string>(
    (written) => ({ method: "DELETE", path: PATH, body: { code: written } }),
    { stale: [SESSION_PATH], onDone: () => setIsAsking(false) },
  );

  return (
    <>
      <Button variant="default" onClick={() => setIsAsking(true)}>
        {t("access.factorRemove")}
      </Button>
      <ConfirmDestructive isOpen={isAsking} onClose={() => setIsAsking(false)}
                          title={t("access.factorRemove")} deed={t("access.factorRemove")}
                          isBusy={remove.isPending} error={remove.error}
                          onConfirm={() => remove.mutate(code.replaceAll(/\s/g, ""))}>
        <Stack>
          <Text>{t("access.factorRemoveMeans")}</Text>
          <TextInput label={t("access.code")} value={code} autoComplete="one-time-code"
                     onChange={(event) => setCode(event.target.value)} />
        </Stack>
      </ConfirmDestructive>
    </>
  );
}
