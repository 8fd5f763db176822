// SPDX-License-Identifier: Apache-2.0
// Name and password, then the code of the second factor when the account has one; back to where the
// reader was going.
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { Navigate, useSearchParams } from "react-router-dom";
import { useAction } from "@/api/queries";
import { beginSession, SESSION_PATH, useSession, type Session } from "@/api/session";
import { FailureNote } from "@/components";
import { t } from "@/i18n";
import { OpenFrame } from "@/layout/OpenFrame";

interface Credentials {
  name: string;
  password: string;
  code?: string;
}

// Only an address of our own: "//elsewhere" is another host's.
function destination(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}

export default function SignInPage() {
  const client = useQueryClient();
  const session = useSession();
  const [search] = useSearchParams();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const signIn = useAction<Credentials, Session>(
    (body) => ({ method: "POST", path: SESSION_PATH, body }),
    { onDone: (answer) => beginSession(client, answer) },
  );
  const needsCode = signIn.data?.needs_second_factor ?? false;
  const [asksCode, setAsksCode] = useState(false);
  const isSecondStep = asksCode || needsCode;

  if (session.data?.account) return <Navigate replace to={destination(search.get("next"))} />;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (isSecondStep) setAsksCode(true);
    signIn.mutate(isSecondStep ? { name, password, code: code.trim() } : { name, password });
  }

  function startAgain() {
    setAsksCode(false);
    setCode("");
    signIn.reset();
  }

  return (
    <OpenFrame title={t(isSecondStep ? "access.codeTitle" : "shell.signIn")}
               sentence={isSecondStep ? t("access.codeSentence") : undefined}>
      <form onSubmit={submit}>
        <Stack>
          {isSecondStep ? (
            <TextInput label={t("access.code")} value={code} autoFocus required size="md"
                       autoComplete="one-time-code" inputMode="text"
                       onChange={(event) => setCode(event.target.value)} />
          ) : (
            <>
              <TextInput label={t("access.name")} value={name} autoFocus required
                         autoComplete="username" autoCapitalize="none" spellCheck={false}
                         onChange={(event) => setName(event.target.value)} />
              <PasswordInput label={t("access.password")} value={password} required
                             autoComplete="current-password"
                             onChange={(event) => setPassword(event.target.value)} />
            </>
          )}
          <FailureNote error={signIn.error} title={t("access.signInFailed")} />
          <Button type="submit" loading={signIn.isPending}>{t("shell.signIn")}</Button>
          {isSecondStep && (
            <Button variant="subtle" onClick={startAgain}>{t("access.otherAccount")}</Button>
          )}
        </Stack>
      </form>
    </OpenFrame>
  );
}
