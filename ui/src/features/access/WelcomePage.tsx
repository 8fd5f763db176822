// SPDX-License-Identifier: Apache-2.0
// Where a one-time link leads: who it is for, and a password. The token stands behind the "#",
// which a browser never sends, so that no log holds it.
import { Anchor, Button, Stack, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Link, Navigate, useLocation, useNavigate } from "react-router-dom";
import { call, type ApiError } from "@/api/client";
import { useAction } from "@/api/queries";
import { beginSession, type Session } from "@/api/session";
import { Answer, FailureNote } from "@/components";
import { t } from "@/i18n";
import { OpenFrame } from "@/layout/OpenFrame";
import { NewPassword } from "./NewPassword";
import { roleName } from "./role";

interface Invited {
  name: string;
  display_name: string;
  role: string;
}

export default function WelcomePage() {
  const token = useLocation().hash.slice(1);
  const invited = useQuery<Invited, ApiError>({
    queryKey: ["/api/v1/invitations/check", token],
    queryFn: () => call<Invited>("POST", "/api/v1/invitations/check", { token }),
    enabled: token !== "",
    retry: false,
  });

  if (token === "") return <Navigate replace to="/" />;
  if (invited.isError)
    return (
      <OpenFrame title={t("shell.welcome")}>
        <FailureNote error={invited.error} title={t("access.linkFailed")} />
        <Text size="sm">{t("access.linkHint")}</Text>
        <Anchor component={Link} to="/sign-in">{t("shell.signIn")}</Anchor>
      </OpenFrame>
    );
  return (
    <OpenFrame title={t("shell.welcome")} sentence={t("access.welcomeSentence")}>
      <Answer of={invited}>{(who) => <SetPassword token={token} who={who} />}</Answer>
    </OpenFrame>
  );
}

function SetPassword({ token, who }: { token: string; who: Invited }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [password, setPassword] = useState("");
  const accept = useAction<string, Session>(
    (wanted) => ({
      method: "POST", path: "/api/v1/invitations/accept", body: { token, password: wanted },
    }),
    {
      onDone: (session) => {
        beginSession(client, session);
        void navigate(session.account ? "/" : "/sign-in", { replace: true });
      },
    },
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    accept.mutate(password);
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>
          {t("access.invitedAs", { name: who.display_name || who.name, role: roleName(who.role) })}
        </Text>
        {/* For password managers: whose password it is. */}
        <input name="username" autoComplete="username" value={who.name} readOnly hidden />
        <NewPassword value={password} onChange={setPassword} accountName={who.name} />
        <FailureNote error={accept.error} title={t("access.passwordRefused")} />
        <Button type="submit" loading={accept.isPending}>{t("access.begin")}</Button>
      </Stack>
    </form>
  );
}
