// SPDX-License-Identifier: Apache-2.0
// The endpoint that messages of campaigns are posted to: where it is and how it fares, its secret,
// and one post to try it.
import { Alert, Button, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useAction, useApi } from "@/api/queries";
import {
  Answer, Facts, FailureNote, LoadingTable, NewSecret, notify, Page, PageHeader, Panel, ShownOnce,
  StateBadge,
} from "@/components";
import { useFormat } from "@/format";
import { known, t } from "@/i18n";

const ENDPOINT_PATH = "/api/v1/webhook";

interface Endpoint {
  address: string; // up to the host
  state: string;
  failing_since: string | null;
  answered_at: string | null;
  old_secret_until: string | null;
}

export default function EndpointPage() {
  const endpoint = useApi<Endpoint>(ENDPOINT_PATH);
  const [secret, setSecret] = useState(""); // of the first address, until there is a newer one

  return (
    <Page>
      <PageHeader title={t("shell.webhooksOut")} sentence={t("webhook.sentence")} />
      {endpoint.error?.code === "not_found" && !endpoint.data
        ? <Content secret={secret} onSecret={setSecret} />
        : (
          <Answer of={endpoint} loading={<LoadingTable rows={5} />}>
            {(shown) => <Content endpoint={shown} secret={secret} onSecret={setSecret} />}
          </Answer>
        )}
    </Page>
  );
}

interface ContentProps {
  endpoint?: Endpoint; // none: not set up
  secret: string; // to be shown; "": none
  onSecret: (secret: string) => void;
}

function Content({ endpoint, secret, onSecret }: ContentProps) {
  return (
    <Stack gap="lg">
      <Panel title={t("webhook.endpoint")} sentence={t(endpoint ? "webhook.hint" : "webhook.none")}>
        <Stack gap="md">
          {endpoint && <Standing endpoint={endpoint} />}
          {secret !== "" && !endpoint?.old_secret_until && (
            <ShownOnce title={t("common.secret")} hint={t("webhook.once")} secret={secret} />
          )}
          <Address isFirst={!endpoint} onSecret={onSecret} />
        </Stack>
      </Panel>
      <Try isReady={endpoint !== undefined} />
    </Stack>
  );
}

// As StateBadge knows them.
const BADGES: Record<string, string> =
  { on: "active", off: "disabled", gone: "failed", failing: "failed" };

function Standing({ endpoint }: { endpoint: Endpoint }) {
  const format = useFormat();
  const {
    address, state, answered_at: answered, failing_since: failing, old_secret_until: oldUntil,
  } = endpoint;
  const meaning = known(`webhook.means_${state}`);

  return (
    <Stack gap="sm">
      <Group gap="xs">
        <StateBadge state={BADGES[state] ?? state}>
          {known(`webhook.state_${state}`) ?? state}
        </StateBadge>
        {meaning && <Text size="sm">{meaning}</Text>}
      </Group>
      <Facts facts={[
        { label: t("webhook.host"), value: <Code>{address}</Code>, note: t("webhook.hostHint") },
        { label: t("webhook.answeredAt"),
          value: answered ? format.instant(answered) : t("webhook.neverAnswered") },
        { label: t("webhook.failingSince"), value: failing && format.instant(failing) },
        { label: t("webhook.oldSecretUntil"), value: oldUntil && format.instant(oldUntil) },
      ]} />
      <Group gap="xs">
        <Switch isOn={state === "on"} />
        <NewSecret path={`${ENDPOINT_PATH}/secret`} stale={[ENDPOINT_PATH]}
                   title={t("webhook.newSecretTitle")} meaning={t("webhook.newSecretMeans")}
                   hint={t("webhook.once")} />
      </Group>
    </Stack>
  );
}

function Switch({ isOn }: { isOn: boolean }) {
  const change = useAction<void>(
    () => ({ method: "PUT", path: `${ENDPOINT_PATH}/switch`, body: { on: !isOn } }),
    { stale: [ENDPOINT_PATH] });

  return (
    <>
      <Button variant="default" size="compact-sm" loading={change.isPending}
              onClick={() => change.mutate()}>
        {t(isOn ? "hooks.switchOff" : "hooks.switchOn")}
      </Button>
      <FailureNote error={change.error} />
    </>
  );
}

function Address({ isFirst, onSecret }: { isFirst: boolean; onSecret: (secret: string) => void }) {
  const [url, setUrl] = useState("");
  const save = useAction<void, { secret: string }>(
    () => ({ method: "PUT", path: ENDPOINT_PATH, body: { url } }),
    { stale: [ENDPOINT_PATH],
      onDone: ({ secret }) => {
        setUrl("");
        if (secret !== "") onSecret(secret);
        notify(t("webhook.saved"));
      } });

  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <Stack gap="sm">
        <TextInput label={t(isFirst ? "webhook.url" : "webhook.urlNew")} value={url} maw={560}
                   description={t("webhook.urlHint")} autoComplete="off"
                   placeholder="https://hooks.example.com/tessera"
                   inputWrapperOrder={["label", "input", "description"]}
                   onChange={(event) => setUrl(event.currentTarget.value.trim())} />
        <FailureNote error={save.error} />
        <Group>
          <Button type="submit" loading={save.isPending} disabled={url === ""}>
            {t("common.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Try({ isReady }: { isReady: boolean }) {
  const post = useAction<void, { accepted: boolean; detail: string }>(
    () => ({ method: "POST", path: `${ENDPOINT_PATH}/tries` }));

  return (
    <Panel title={t("webhook.try")} sentence={t(isReady ? "webhook.tryHint" : "webhook.tryFirst")}>
      <Stack gap="sm">
        <FailureNote error={post.error} />
        {post.data && (
          <Alert variant="light" color={post.data.accepted ? "tile" : "red"} role="status">
            <Text size="sm">
              {t(post.data.accepted ? "webhook.taken" : "webhook.notTaken")} {post.data.detail}
            </Text>
          </Alert>
        )}
        <Group>
          <Button variant="default" loading={post.isPending} disabled={!isReady}
                  onClick={() => post.mutate()}>
            {t("webhook.doTry")}
          </Button>
        </Group>
      </Stack>
    </Panel>
  );
}
