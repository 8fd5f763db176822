// SPDX-License-Identifier: Apache-2.0
// Long work as the server tells it: GET /api/v1/jobs/{id}, and the same document in live events.
import type { Failure } from "./client";

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";

export interface Job {
  id: string;
  kind: string;
  title: string;
  state: JobState;
  stage: string;
  done: number;
  total: number; // 0: not known
  unit: string;
  actor: string;
  created_at: string;
  started_at: string | null;
  updated_at: string | null;
  finished_at: string | null;
  result?: Record<string, unknown>;
  error?: Failure;
}

export const JOBS_PATH = "/api/v1/jobs";

export function jobPath(id: string): string {
  return `${JOBS_PATH}/${encodeURIComponent(id)}`;
}

export function isUnderWay(state: string): boolean {
  return state === "queued" || state === "running";
}

export function canResume(state: string): boolean {
  return state === "failed" || state === "cancelled" || state === "interrupted";
}
