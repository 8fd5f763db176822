// SPDX-License-Identifier: Apache-2.0
// What useApi or useTablePages gave: grey shapes while it is fetched, the error when that failed,
// then the content. While a new answer replaces an old one the old stays, dimmed.
//
//   <Answer of={jobs} loading={<LoadingTable />}>
//     {(table) => <DataTable table={table} … />}
//   </Answer>
import { Box } from "@mantine/core";
import type { ReactNode } from "react";
import { ErrorState } from "./ErrorState";
import { LoadingLines } from "./Loading";

export interface AnswerProps<Data> {
  of: {
    data: Data | undefined;
    error: Error | null;
    isError: boolean;
    isPlaceholderData: boolean;
    refetch: () => unknown;
  };
  loading?: ReactNode;
  children: (data: Data) => ReactNode;
}

export function Answer<Data>({ of, loading, children }: AnswerProps<Data>) {
  if (of.data === undefined)
    return of.isError
      ? <ErrorState error={of.error} onRetry={() => of.refetch()} />
      : (loading ?? <LoadingLines />);
  return (
    <Box style={{ opacity: of.isPlaceholderData ? 0.5 : 1, transition: "opacity 120ms" }}
         aria-busy={of.isPlaceholderData}>
      {children(of.data)}
    </Box>
  );
}
