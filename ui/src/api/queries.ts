// SPDX-License-Identifier: Apache-2.0
// Answers of the server, kept and shared between components. The key of an answer is its path and
// parameters, so that pages need no names of their own and a change says by path what it made
// stale.
import {
  QueryCache, QueryClient, keepPreviousData, useMutation, useQuery, useQueryClient,
  type UseMutationResult, type UseQueryResult,
} from "@tanstack/react-query";
import { ApiError, call, get, type Method, type Parameters, type Table } from "./client";
import { SESSION_PATH, signedOut } from "./session";

export function keyOf(path: string, parameters: Parameters = {}) {
  return [path, parameters] as const;
}

// A 4xx will not go away by asking again.
function shouldRetry(count: number, error: Error): boolean {
  return count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 502);
}

export function createQueryClient(): QueryClient {
  // Whoever finds the session over leaves the note from which the whole app shows the sign-in page.
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof ApiError && error.code === "unauthenticated")
          client.setQueryData(keyOf(SESSION_PATH), signedOut);
      },
    }),
    defaultOptions: {
      queries: { retry: shouldRetry, staleTime: 30_000, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });

  return client;
}

export interface ApiOptions {
  enabled?: boolean; // false: do not ask yet
  refetchInterval?: number | false; // ms
  staleTime?: number; // ms
}

// The answer of GET path. While other parameters load, the former answer stays (isPlaceholderData).
export function useApi<Answer>(
  path: string, parameters: Parameters = {}, options: ApiOptions = {},
): UseQueryResult<Answer, ApiError> {
  return useQuery<Answer, ApiError>({
    queryKey: keyOf(path, parameters),
    queryFn: ({ signal }) => get<Answer>(path, parameters, signal),
    placeholderData: keepPreviousData,
    ...options,
  });
}

export function useTable(path: string, parameters: Parameters = {}, options: ApiOptions = {}) {
  return useApi<Table>(path, parameters, options);
}

export interface Action {
  method: Exclude<Method, "GET">;
  path: string;
  body?: unknown;
  parameters?: Parameters;
}

// A change: `describe` turns what it is called with into a request. Afterwards every answer whose
// path begins with one of `stale` is asked for again.
//
//   const cancel = useAction((id: string) => ({ method: "POST", path: `${jobPath(id)}/cancel` }),
//                            { stale: [JOBS_PATH] });
export function useAction<Input, Answer = unknown>(
  describe: (input: Input) => Action,
  options: { stale?: readonly string[]; onDone?: (answer: Answer, input: Input) => void } = {},
): UseMutationResult<Answer, ApiError, Input> {
  const client = useQueryClient();

  return useMutation<Answer, ApiError, Input>({
    mutationFn: (input) => {
      const { method, path, body, parameters } = describe(input);
      return call<Answer>(method, path, body, parameters);
    },
    onSuccess: async (answer, input) => {
      options.onDone?.(answer, input);
      await markStale(client, options.stale ?? []);
    },
    onError: (error) => {
      if (error.code === "unauthenticated") client.setQueryData(keyOf(SESSION_PATH), signedOut);
      // Something is otherwise than was thought, or this was done and nobody heard of it.
      if (error.code === "conflict" || error.code === "answer_lost")
        void markStale(client, options.stale ?? []);
    },
  });
}

// Answers of these paths and of all below them, but those that are kept for their parameters.
export interface Stale {
  paths: readonly string[];
  isKept: (parameters: Parameters) => boolean;
}

export async function markStale(
  client: QueryClient, what: readonly string[] | Stale,
): Promise<void> {
  const { paths, isKept } = "paths" in what ? what : { paths: what, isKept: () => false };

  await client.invalidateQueries({
    predicate: ({ queryKey: [key, parameters] }) =>
      typeof key === "string" && paths.some((path) => key === path || key.startsWith(`${path}/`))
      && !isKept((parameters ?? {}) as Parameters),
  });
}
