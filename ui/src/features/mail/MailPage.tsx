// SPDX-License-Identifier: Apache-2.0
// How mail leaves: the relay, the sender, the keys that sign, and one mail to try it.
import {
  Button, Group, NativeSelect, NumberInput, PasswordInput, SimpleGrid, Stack, Text, TextInput,
} from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router-dom";
import { useAction, useApi } from "@/api/queries";
import { Answer, FailureNote, LoadingTable, notify, Page, PageHeader, Panel } from "@/components";
import { t, type Key } from "@/i18n";
import { Keys } from "./Keys";
import { MAIL_PATH, setupOf, type Mail, type MailSetup } from "./mail";

export default function MailPage() {
  const mail = useApi<Mail>(MAIL_PATH);

  return (
    <Page>
      <PageHeader title={t("shell.mail")} sentence={t("mail.sentence")}>
        <Button component={Link} to="/push/deliverability" variant="default">
          {t("mail.toChecks")}
        </Button>
      </PageHeader>
      <Answer of={mail} loading={<LoadingTable rows={8} />}>
        {(shown) => (
          <Stack gap="lg">
            <Setup mail={shown} />
            <Keys table={shown.keys} isReady={shown.from_address !== ""} />
            <Try isReady={shown.host !== "" && shown.from_address !== ""} />
          </Stack>
        )}
      </Answer>
    </Page>
  );
}

type Texts = { [Name in keyof MailSetup]: MailSetup[Name] extends string ? Name : never
}[keyof MailSetup];
type Numbers = Exclude<keyof MailSetup, Texts>;

interface FieldsProps {
  setup: MailSetup;
  change: (part: Partial<MailSetup>) => void;
}

// Each with a word for what it is and one for what to write.
function TextField({ name, setup, change }: FieldsProps & { name: Texts }) {
  return (
    <TextInput label={t(`mail.${name}` as Key)} description={t(`mail.${name}_hint` as Key)}
               value={setup[name]} inputWrapperOrder={["label", "input", "description"]}
               onChange={(event) => change({ [name]: event.currentTarget.value.trimStart() })} />
  );
}

function NumberField({ name, setup, change, ...range }: FieldsProps & {
  name: Numbers; min: number; max: number;
}) {
  return (
    <NumberInput label={t(`mail.${name}` as Key)} description={t(`mail.${name}_hint` as Key)}
                 value={setup[name]} inputWrapperOrder={["label", "input", "description"]}
                 allowDecimal={false} {...range}
                 onChange={(value) => change({ [name]: Number(value) })} />
  );
}

function Setup({ mail }: { mail: Mail }) {
  const [setup, setSetup] = useState(() => setupOf(mail));
  const [password, setPassword] = useState("");
  const change = (part: Partial<MailSetup>) => setSetup((former) => ({ ...former, ...part }));
  const save = useAction<undefined>(
    () => ({ method: "PUT", path: MAIL_PATH, body: { ...setup, ...(password && { password }) } }),
    { stale: [MAIL_PATH], onDone: () => { setPassword(""); notify(t("mail.saved")); } });
  const part = { setup, change };

  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate(undefined); }}>
      <Stack gap="lg">
        <Panel title={t("mail.relay")} sentence={t("mail.relayHint")}>
          <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
            <TextField name="host" {...part} />
            <NumberField name="port" min={1} max={65535} {...part} />
            <NativeSelect label={t("mail.tls")} description={t("mail.tls_hint")} value={setup.tls}
                          inputWrapperOrder={["label", "input", "description"]}
                          data={["starttls", "implicit", "none"].map((value) =>
                            ({ value, label: t(`mail.tls_${value}` as Key) }))}
                          onChange={(event) => change({ tls: event.currentTarget.value })} />
            <TextField name="user" {...part} />
            <PasswordInput label={t("mail.password")} value={password} autoComplete="new-password"
                           description={t(mail.has_password ? "mail.passwordKept"
                             : "mail.passwordNone")}
                           inputWrapperOrder={["label", "input", "description"]}
                           visibilityToggleButtonProps={{ "aria-label": t("mail.showPassword") }}
                           onChange={(event) => setPassword(event.currentTarget.value)} />
            <TextField name="helo" {...part} />
            <NumberField name="connections" min={1} max={64} {...part} />
            <NumberField name="per_domain" min={1} max={20} {...part} />
            <NumberField name="warm_up_per_day" min={0} max={1_000_000} {...part} />
          </SimpleGrid>
        </Panel>
        <Panel title={t("mail.sender")}>
          <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
            <TextField name="from_address" {...part} />
            <TextField name="from_name" {...part} />
            <TextField name="reply_to" {...part} />
            <TextField name="return_host" {...part} />
            <TextField name="list_id" {...part} />
            <TextField name="feedback_id" {...part} />
          </SimpleGrid>
          <Stack gap="sm" mt="md">
            <FailureNote error={save.error} />
            <Group>
              <Button type="submit" loading={save.isPending}>{t("common.save")}</Button>
            </Group>
          </Stack>
        </Panel>
      </Stack>
    </form>
  );
}

interface Tried {
  state: string;
  detail: string;
}

function Try({ isReady }: { isReady: boolean }) {
  const [to, setTo] = useState("");
  const send = useAction<undefined, Tried>(
    () => ({ method: "POST", path: `${MAIL_PATH}/test`, body: { to: to.trim() } }));

  return (
    <Panel title={t("mail.try")} sentence={t(isReady ? "mail.tryHint" : "mail.tryFirst")}>
      <form onSubmit={(event) => { event.preventDefault(); send.mutate(undefined); }}>
        <Stack gap="sm">
          <Group gap="sm" align="flex-end">
            <TextInput label={t("mail.to")} value={to} type="email" disabled={!isReady}
                       style={{ flex: "1 1 14rem" }} maw={360}
                       onChange={(event) => setTo(event.currentTarget.value)} />
            <Button type="submit" variant="default" loading={send.isPending}
                    disabled={!isReady || to.trim() === ""}>
              {t("mail.doTry")}
            </Button>
          </Group>
          <FailureNote error={send.error} />
          {send.data && (
            <Text size="sm" role="status">
              {t(`mail.tried_${send.data.state}` as Key)} {send.data.detail}
            </Text>
          )}
        </Stack>
      </form>
    </Panel>
  );
}
