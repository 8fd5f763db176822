// SPDX-License-Identifier: Apache-2.0
// Long lists, page by page, joined to one table: the first page at once, the others when asked for.
// A page names in `next` where the one behind it begins. Where the list is a member of the answer,
// `member` names it and `next` the member with that mark.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { get, type ApiError, type Parameters, type Table } from "./client";

export interface TablePages {
  data: Table | undefined; // all rows so far
  error: ApiError | null;
  isError: boolean;
  isPlaceholderData: boolean;
  refetch: () => unknown;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

const USUAL_LIMIT = 50;

function joined(pages: readonly Table[]): Table {
  const [first] = pages;
  const rows = pages.flatMap((page) => page.rows);
  return { columns: first?.columns ?? [], rows, row_count: rows.length };
}

interface Member {
  member?: string; // "customers"
  next?: string; // "timeline_next"; otherwise "next"
}

async function page(
  path: string, parameters: Parameters, options: Member, signal: AbortSignal,
): Promise<Table> {
  const answer = await get<Record<string, unknown>>(path, parameters, signal);
  if (!options.member) return answer as unknown as Table;
  const next = answer[options.next ?? "next"];
  const table = answer[options.member] as Table;
  return typeof next === "string" ? { ...table, next } : table;
}

// Stands where <Answer of> expects an answer.
export function useTablePages(
  path: string, parameters: Parameters = {},
  { limit = USUAL_LIMIT, enabled = true, ...member }:
    { limit?: number; enabled?: boolean } & Member = {},
): TablePages {
  const pages = useInfiniteQuery({
    queryKey: [path, { ...parameters, limit }, "pages"],
    queryFn: ({ pageParam, signal }) =>
      page(path, { ...parameters, limit, ...pageParam }, member, signal),
    initialPageParam: {} as Parameters,
    getNextPageParam: ({ next }) => (next ? { after: next } : undefined),
    select: ({ pages: all }) => joined(all),
    placeholderData: keepPreviousData,
    enabled,
  });

  return {
    data: pages.data,
    error: pages.error as ApiError | null,
    isError: pages.isError,
    isPlaceholderData: pages.isPlaceholderData,
    refetch: () => pages.refetch(),
    hasMore: pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => void pages.fetchNextPage(),
  };
}
