// SPDX-License-Identifier: Apache-2.0
// Why a request failed, as the server tells it, or that there was no answer. How it is shown to
// people is a matter of components/failure.ts.
import type { components } from "./schema";

// The closed list of the server's codes, and three of our own: no answer, no JSON, and a conflict
// behind an answer that was lost (once.ts).
export type ErrorCode =
  components["schemas"]["ErrorCode"] | "unreachable" | "unreadable" | "answer_lost";

export interface Failure {
  code: ErrorCode;
  message: string;
  detail?: string;
  hint?: string;
  field?: string;
}

export class ApiError extends Error implements Failure {
  readonly code: ErrorCode;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
  readonly field: string | undefined;
  readonly status: number; // 0: there was no answer
  readonly waitMs: number | undefined; // after which the server wants to be asked again

  constructor(failure: Failure, status: number, waitMs?: number) {
    super(failure.message);
    this.name = "ApiError";
    this.code = failure.code;
    this.detail = failure.detail;
    this.hint = failure.hint;
    this.field = failure.field;
    this.status = status;
    this.waitMs = waitMs;
  }
}
