// SPDX-License-Identifier: Apache-2.0
// The gateway of text messages: where it is, how it knows this store, where it brings replies, and
// one message to try it.
import {
  Alert, Button, Group, NativeSelect, PasswordInput, SimpleGrid, Stack, Text, Textarea, TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useAction, useApi } from "@/api/queries";
import {
  Answer, Copied, FailureNote, LoadingTable, notify, Page, PageHeader, Panel,
} from "@/components";
import { t } from "@/i18n";
import { SmsSize } from "./SmsSize";

const GATEWAY_PATH = "/api/v1/sms/gateway";

interface Gateway {
  kind: string;
  url: string;
  sender: string;
  user: string;
  has_password: boolean;
  replies: string;
}

export default function GatewayPage() {
  const gateway = useApi<Gateway>(GATEWAY_PATH);

  return (
    <Page>
      <PageHeader title={t("shell.textMessages")} sentence={t("sms.sentence")} />
      {gateway.error?.code === "not_found" && !gateway.data
        ? <Content gateway={NONE} />
        : (
          <Answer of={gateway} loading={<LoadingTable rows={5} />}>
            {(shown) => <Content gateway={shown} />}
          </Answer>
        )}
    </Page>
  );
}

const NONE: Gateway =
  { kind: "kannel", url: "", sender: "", user: "", has_password: false, replies: "" };

function Content({ gateway }: { gateway: Gateway }) {
  const isReady = gateway.url !== "";

  return (
    <Stack gap="lg">
      <Setup gateway={gateway} />
      {isReady && <Replies path={gateway.replies} />}
      <Try isReady={isReady} />
    </Stack>
  );
}

function Setup({ gateway }: { gateway: Gateway }) {
  const [draft, setDraft] = useState({
    kind: gateway.kind, url: gateway.url, sender: gateway.sender, user: gateway.user,
  });
  const [password, setPassword] = useState("");
  const change = (part: Partial<typeof draft>) => setDraft((former) => ({ ...former, ...part }));
  const save = useAction<undefined>(
    () => ({ method: "PUT", path: GATEWAY_PATH,
             body: { ...draft, ...(password && { password }) } }),
    { stale: [GATEWAY_PATH], onDone: () => { setPassword(""); notify(t("sms.saved")); } });

  return (
    <Panel title={t("sms.gateway")} sentence={t(gateway.url === "" ? "sms.none" : "sms.hint")}>
      <form onSubmit={(event) => { event.preventDefault(); save.mutate(undefined); }}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NativeSelect label={t("sms.kind")} value={draft.kind}
                          data={[{ value: "kannel", label: t("sms.kannel") },
                                 { value: "http", label: t("sms.http") }]}
                          onChange={(event) => change({ kind: event.currentTarget.value })} />
            <TextInput label={t("sms.url")} value={draft.url} required
                       description={t("sms.urlHint")}
                       inputWrapperOrder={["label", "input", "description"]}
                       onChange={(event) => change({ url: event.currentTarget.value.trim() })} />
            <TextInput label={t("sms.sender")} value={draft.sender}
                       description={t("sms.senderHint")}
                       inputWrapperOrder={["label", "input", "description"]}
                       onChange={(event) => change({ sender: event.currentTarget.value })} />
            <TextInput label={t("sms.user")} value={draft.user} autoComplete="off"
                       onChange={(event) => change({ user: event.currentTarget.value })} />
            <PasswordInput label={t("sms.password")} value={password} autoComplete="new-password"
                           description={t(gateway.has_password ? "mail.passwordKept"
                             : "mail.passwordNone")}
                           inputWrapperOrder={["label", "input", "description"]}
                           visibilityToggleButtonProps={{ "aria-label": t("mail.showPassword") }}
                           onChange={(event) => setPassword(event.currentTarget.value)} />
          </SimpleGrid>
          <FailureNote error={save.error} />
          <Group>
            <Button type="submit" loading={save.isPending} disabled={draft.url === ""}>
              {t("common.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}

function Replies({ path }: { path: string }) {
  return (
    <Panel title={t("sms.replies")} sentence={t("sms.repliesHint")}>
      <Copied label={t("sms.url")} value={window.location.origin + path} />
    </Panel>
  );
}

function Try({ isReady }: { isReady: boolean }) {
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const send = useAction<undefined, { accepted: boolean; detail: string }>(
    () => ({ method: "POST", path: "/api/v1/sms/tries", body: { to: to.trim(), text } }));

  return (
    <Panel title={t("sms.try")} sentence={t(isReady ? "sms.tryHint" : "sms.tryFirst")}>
      <form onSubmit={(event) => { event.preventDefault(); send.mutate(undefined); }}>
        <Stack gap="sm">
          <TextInput label={t("sms.to")} value={to} maw={320} type="tel" placeholder="+447700900123"
                     onChange={(event) => setTo(event.currentTarget.value)} />
          <Textarea label={t("sms.text")} value={text} autosize minRows={2}
                    onChange={(event) => setText(event.currentTarget.value)} />
          <SmsSize text={text} />
          <FailureNote error={send.error} />
          {send.data && (
            <Alert variant="light" color={send.data.accepted ? "tile" : "red"} role="status">
              <Text size="sm">
                {t(send.data.accepted ? "sms.taken" : "sms.notTaken")} {send.data.detail}
              </Text>
            </Alert>
          )}
          <Group>
            <Button type="submit" variant="default" loading={send.isPending}
                    disabled={!isReady || to.trim() === "" || text.trim() === ""}>
              {t("sms.doTry")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
