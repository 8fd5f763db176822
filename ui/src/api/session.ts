// SPDX-License-Identifier: Apache-2.0
// Who is signed in and what they may do. The server checks every request itself; here permissions
// only decide what is shown.
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { call, get, setCsrfToken, type ApiError } from "./client";

export const SESSION_PATH = "/api/v1/session";

// The bits of src/govern/access/access.h, without MAY_.
export type Permission =
  | "read_customers" | "unmask_identifiers" | "change_customers" | "read_reports" | "read_segments"
  | "change_segments" | "export" | "import" | "query_sql" | "read_jobs" | "control_jobs"
  | "read_audit" | "change_settings" | "use_account" | "manage_access" | "read_metrics"
  | "manage_sources" | "change_campaigns";

export interface Account {
  id: string;
  name: string;
  display_name: string;
  role: string;
  permissions: Permission[];
}

// How values are shown, whatever the role may read.
export interface Business {
  zone: string; // IANA
  currency: string; // ISO 4217
}

export interface Session {
  account: Account | null;
  csrf: string | null;
  // Without an account: a code is asked for. With one: the role needs a second factor first, and
  // until there is one nothing may be done but setting it up.
  needs_second_factor: boolean;
  has_second_factor?: boolean; // of who is signed in
  is_empty?: boolean; // the store holds no customers, sales or imports yet
  business?: Business; // told to those who are signed in
}

export const signedOut: Session = {
  account: null, csrf: null, needs_second_factor: false, is_empty: false,
};

const key = [SESSION_PATH, {}] as const;

export function useSession() {
  return useQuery<Session, ApiError>({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const session = await get<Session>(SESSION_PATH, {}, signal);
      setCsrfToken(session.csrf);
      return session;
    },
    staleTime: 60_000,
  });
}

// Below the gate (layout/gate.tsx) there is always an account.
export function useAccount(): Account {
  const account = useSession().data?.account;

  if (!account) throw new Error("this needs somebody who is signed in");
  return account;
}

export function useBusiness(): Business {
  const business = useSession().data?.business;

  if (!business) throw new Error("this needs somebody who is signed in");
  return business;
}

// may("import"): is it worth showing?
export function useMay(): (permission: Permission | undefined) => boolean {
  const permissions = useSession().data?.account?.permissions;

  return useCallback(
    (permission) => permission === undefined || (permissions?.includes(permission) ?? false),
    [permissions],
  );
}

// After signing in, accepting an invitation or changing the password: what the server answered.
export function beginSession(client: QueryClient, session: Session): void {
  setCsrfToken(session.csrf);
  if (session.account)
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_PATH });
  client.setQueryData(key, session);
}

export function useSignOut(): () => Promise<void> {
  const client = useQueryClient();

  return useCallback(async () => {
    await call("DELETE", SESSION_PATH);
    setCsrfToken(null);
    client.setQueryData(key, signedOut); // first: who shows the session is told, and goes
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
  }, [client]);
}
