// SPDX-License-Identifier: Apache-2.0
// Long lists, page by page, joined to one table: the first page at once, the others when asked for.
// Where the list is a member of the answer, `member` names it and `next` the mark of the next page.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { get, type ApiError, type Parameters, type Table } from "./client";

// Where a page begins: "after" the mark that the page before it gave as `next`, or "before" the id
// of its last row, in lists that are newest first.
type Cursor = "after" | "before";

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

function nextOf(page: Table, cursor: Cursor, limit: number): Parameters | undefined {
  if (cursor === "after") return page.next ? { after: page.next } : undefined;
  const index = page.columns.findIndex(({ name }) => name === "id");
  const last = page.rows.at(-1)?.[index];

  return page.rows.length === limit && typeof last === "string" ? { before: last } : undefined;
}

function joined(pages: readonly Table[]): Table {
  const [first] = pages;
  const rows = pages.flatMap((page) => page.rows);
  return { columns: first?.columns ?? [], rows, row_count: rows.length };
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

interface Member {
  member?: string; // "customers"
  next?: string; // "timeline_next"; otherwise "next"
}

// Stands where <Answer of> expects an answer.
export function useTablePages(
  path: string, parameters: Parameters = {},
  { cursor = "after", limit = USUAL_LIMIT, enabled = true, ...member }:
    { cursor?: Cursor; limit?: number; enabled?: boolean } & Member = {},
): TablePages {
  const pages = useInfiniteQuery({
    queryKey: [path, { ...parameters, limit }, "pages"],
    queryFn: ({ pageParam, signal }) =>
      page(path, { ...parameters, limit, ...pageParam }, member, signal),
    initialPageParam: {} as Parameters,
    getNextPageParam: (last) => nextOf(last, cursor, limit),
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
