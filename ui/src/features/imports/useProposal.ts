// SPDX-License-Identifier: Apache-2.0
// What the server makes of a file and a mapping: the mapping completed, its columns, first rows.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { call, type ApiError } from "@/api/client";
import type { Draft } from "./ImportNewPage";
import type { Mapping, Proposal } from "./mapping";

export function useProposal({ upload, kind }: Draft, mapping: Mapping | null) {
  return useQuery<Proposal, ApiError>({
    queryKey: ["/api/v1/imports/proposal", upload, kind, mapping],
    queryFn: () => call<Proposal>("POST", "/api/v1/imports/proposal",
                                  { upload, kind, ...(mapping ? { mapping } : {}) }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    retry: false,
  });
}
