// SPDX-License-Identifier: Apache-2.0
// What the server tells without being asked: one event stream for the whole app, which writes jobs
// into the cache of answers. Components read them with useApi(jobPath(id)) or useRunningJobs, and
// need not know that there is a stream.
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { isUnderWay, JOBS_PATH, jobPath, type Job } from "./job";
import { keyOf, markStale } from "./queries";

const LIVE_PATH = "/api/v1/live";
const runningKey = keyOf(LIVE_PATH);

// What a job that ended may have changed: nearly everything that is counted.
const STALE_AFTER_JOB = [
  "/api/v1/imports", "/api/v1/customers", "/api/v1/products", "/api/v1/stores", "/api/v1/staff",
  "/api/v1/reports", "/api/v1/metrics", "/api/v1/segments", "/api/v1/rfm", "/api/v1/cohorts",
  "/api/v1/exports", "/api/v1/session", "/api/v1/doctor",
];

function receive(client: QueryClient, job: Job): void {
  const known = client.getQueryData<Job>(keyOf(jobPath(job.id)));
  const running = client.getQueryData<Job[]>(runningKey) ?? [];
  const others = running.filter(({ id }) => id !== job.id);

  client.setQueryData(keyOf(jobPath(job.id)), job);
  client.setQueryData(runningKey, isUnderWay(job.state) ? [...others, job] : others);
  if (known?.state === job.state) return;
  void client.invalidateQueries({ queryKey: [JOBS_PATH] });
  if (!isUnderWay(job.state)) void markStale(client, STALE_AFTER_JOB);
}

// A stream that broke is opened again by the browser; one that was refused, by us after a while.
const REOPEN_MS = 15_000;

// Opens the stream while `isWanted`; returns how to close it.
function open(client: QueryClient): () => void {
  const source = new EventSource(LIVE_PATH);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let close = () => source.close();

  // On connecting the server tells every job under way: what was known before is let go.
  source.addEventListener("open", () => client.setQueryData(runningKey, []));
  source.addEventListener("job", (event: MessageEvent<string>) =>
    receive(client, JSON.parse(event.data) as Job));
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(() => (close = open(client)), REOPEN_MS);
  });
  return () => {
    clearTimeout(timer);
    close();
  };
}

export function useLive(isWanted: boolean): void {
  const client = useQueryClient();

  useEffect(() => (isWanted ? open(client) : undefined), [client, isWanted]);
}

// How often the jobs that are shown are asked for as well.
export const POLL_MS = 5000;

// Jobs queued or running now, in the order in which they were heard of.
export function useRunningJobs(): Job[] {
  const jobs = useQuery<Job[]>({ queryKey: runningKey, queryFn: () => [], staleTime: Infinity });

  return jobs.data ?? [];
}
