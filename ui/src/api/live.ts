// SPDX-License-Identifier: Apache-2.0
// What the server tells without being asked: one event stream for the whole app, which writes jobs
// into the cache of answers, and marks stale what was said of the customer who is looked at.
// Components read them with useApi(jobPath(id)), useRunningJobs and useApi(customerPath(id)), and
// need not know that there is a stream.
import { useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { isUnderWay, JOBS_PATH, jobPath, type Job } from "./job";
import { keyOf, markStale, type Stale } from "./queries";

const LIVE_PATH = "/api/v1/live";
const CUSTOMERS_PATH = "/api/v1/customers";
const runningKey = keyOf(LIVE_PATH);
const heardKey = (id: string) => [LIVE_PATH, "heard", id];

// What a job that ended may have changed: nearly everything that is counted.
const STALE_AFTER_JOB = [
  "/api/v1/imports", "/api/v1/customers", "/api/v1/products", "/api/v1/stores", "/api/v1/staff",
  "/api/v1/reports", "/api/v1/metrics", "/api/v1/segments", "/api/v1/rfm", "/api/v1/cohorts",
  "/api/v1/exports", "/api/v1/session", "/api/v1/doctor",
];

// What is compared with is what was heard before, and not what an answer said meanwhile: a job may
// be asked for between its end and the news of it.
export function receive(client: QueryClient, job: Job): void {
  const heard = client.getQueryData<Job["state"]>(heardKey(job.id));
  const running = client.getQueryData<Job[]>(runningKey) ?? [];
  const others = running.filter(({ id }) => id !== job.id);

  client.setQueryData(keyOf(jobPath(job.id)), job);
  client.setQueryData(runningKey, isUnderWay(job.state) ? [...others, job] : others);
  client.setQueryData(heardKey(job.id), job.state);
  if (heard === job.state) return;
  void client.invalidateQueries({ queryKey: [JOBS_PATH] });
  if (!isUnderWay(job.state)) void markStale(client, STALE_AFTER_JOB);
}

// What one customer's doings change at once. Identifiers that were revealed are no part of it: each
// time they are asked for is on record.
function staleOfCustomer(id: string): Stale {
  return {
    paths: [`${CUSTOMERS_PATH}/${encodeURIComponent(id)}`],
    isKept: (parameters) => parameters.reveal === true,
  };
}

// Ranks among all customers, which cost a look at all of them.
const STALE_RANKS = ["/api/v1/rfm/customers"];

// One after the other: what is heard while answers are on their way is asked for after them.
function inTurns(run: () => Promise<void>): () => void {
  let isBusy = false;
  let isDue = false;

  async function go(): Promise<void> {
    isBusy = true;
    do {
      isDue = false;
      await run();
    } while (isDue);
    isBusy = false;
  }
  return () => {
    isDue = true;
    if (!isBusy) void go();
  };
}

// A stream that broke is opened again by the browser; one that was refused, by us after a while.
const REOPEN_MS = 15_000;

// Opens the stream at this path; returns how to close it.
function open(client: QueryClient, path: string, customer: string): () => void {
  const source = new EventSource(path);
  const askAgain = inTurns(() => markStale(client, staleOfCustomer(customer)));
  const rankAgain = inTurns(() => markStale(client, STALE_RANKS));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let close = () => source.close();

  // On connecting the server tells every job under way: what was known before is let go.
  source.addEventListener("open", () => client.setQueryData(runningKey, []));
  source.addEventListener("job", (event: MessageEvent<string>) =>
    receive(client, JSON.parse(event.data) as Job));
  source.addEventListener("customer", () => {
    askAgain();
    rankAgain();
  });
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.CLOSED) return;
    timer = setTimeout(() => (close = open(client, path, customer)), REOPEN_MS);
  });
  return () => {
    clearTimeout(timer);
    close();
  };
}

// `customer`: who is looked at, empty: nobody. One stream tells of both: a browser opens few
// connections to one server.
export function useLive(hearsJobs: boolean, customer: string): void {
  const client = useQueryClient();
  const path = customer ? `${CUSTOMERS_PATH}/${encodeURIComponent(customer)}/live`
    : hearsJobs ? LIVE_PATH : "";

  useEffect(() => (path ? open(client, path, customer) : undefined), [client, path, customer]);
}

// How often the jobs that are shown are asked for as well.
export const POLL_MS = 5000;

// Jobs queued or running now, in the order in which they were heard of.
export function useRunningJobs(): Job[] {
  const jobs = useQuery<Job[]>({ queryKey: runningKey, queryFn: () => [], staleTime: Infinity });

  return jobs.data ?? [];
}
