// SPDX-License-Identifier: Apache-2.0
// The reader's own account: password, second factor, sessions.
import { Alert, Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useAction } from "@/api/queries";
import { beginSession, useAccount, useSession, type Session } from "@/api/session";
import { FailureNote, Page, PageHeader, Panel, notify } from "@/components";
import { t } from "@/i18n";
import { NewPassword } from "./NewPassword";
import { roleName } from "./role";
import { SecondFactor } from "./SecondFactor";
import { Sessions } from "./Sessions";

export default function AccountPage() {
  const account = useAccount();
  const needsFactor = useSession().data?.needs_second_factor ?? false;

  return (
    <Page width="narrow">
      <PageHeader title={account.display_name || account.name}
                  sentence={t("access.signedInAs", {
                    name: account.name, role: roleName(account.role),
                  })} />
      {needsFactor && (
        <Alert color="orange" variant="light" title={t("access.factorNeeded")} role="status">
          {t("access.factorNeededHint")}
        </Alert>
      )}
      {needsFactor && <SecondFactor />}
      <Password name={account.name} />
      {!needsFactor && <SecondFactor />}
      <Sessions />
    </Page>
  );
}

function Password({ name }: { name: string }) {
  const client = useQueryClient();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const change = useAction<{ current: string; password: string }, Session>(
    (body) => ({ method: "PUT", path: "/api/v1/account/password", body }),
    {
      onDone: (session) => {
        beginSession(client, session);
        setCurrent("");
        setPassword("");
        notify(t("access.passwordChanged"));
      },
    },
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    change.mutate({ current, password });
  }

  return (
    <Panel title={t("access.password")} sentence={t("access.passwordSentence")}>
      <form onSubmit={submit}>
        <Stack align="flex-start">
          <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
          <PasswordInput label={t("access.currentPassword")} value={current} required w="100%"
                         autoComplete="current-password" maw={360}
                         onChange={(event) => setCurrent(event.target.value)} />
          <Stack w="100%" maw={360}>
            <NewPassword value={password} onChange={setPassword} accountName={name} />
          </Stack>
          <FailureNote error={change.error} title={t("access.passwordRefused")} />
          <Button type="submit" loading={change.isPending} variant="default">
            {t("access.changePassword")}
          </Button>
          <Text size="sm" c="dimmed">{t("access.passwordMeans")}</Text>
        </Stack>
      </form>
    </Panel>
  );
}
