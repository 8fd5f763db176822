// SPDX-License-Identifier: Apache-2.0
// Lets through who is signed in; others go to the sign-in page, which brings them back. Everything
// below it has an account, the business's zone and currency for writing values, and live events.
import { Center, Loader } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { Navigate, useLocation, useMatch } from "react-router-dom";
import { useLive } from "@/api/live";
import { useBusiness, useMay, useSession } from "@/api/session";
import { ErrorState } from "@/components";
import { createFormat, FormatContext, locale } from "@/format";

export function Gate({ children }: { children: ReactNode }) {
  const session = useSession();
  const { pathname, search } = useLocation();
  const next = pathname === "/" ? "" : `?next=${encodeURIComponent(pathname + search)}`;

  if (session.data?.account) return <Inside>{children}</Inside>;
  if (session.data) return <Navigate replace to={`/sign-in${next}`} />;
  if (session.isError)
    return <ErrorState error={session.error} onRetry={() => session.refetch()} />;
  return <Center h="100vh"><Loader /></Center>;
}

function Inside({ children }: { children: ReactNode }) {
  const may = useMay();
  const { zone, currency } = useBusiness();
  const customer = useMatch("/customers/:id/*")?.params.id ?? "";
  const format = useMemo(() => createFormat(locale(), zone, currency), [zone, currency]);

  useLive(may("read_jobs"), may("read_customers") ? customer : "");
  return <FormatContext value={format}>{children}</FormatContext>;
}
