// SPDX-License-Identifier: Apache-2.0
// Requests that make something carry a random Idempotency-Key. When the answer is lost, nobody
// knows whether the thing was made; the same request is then asked again with the same key, by
// itself for a while and later when a person does, and the server makes it once.
import { ApiError } from "./failure";
import type { paths } from "./schema";

type HasKey<Header> = Header extends object
  ? "Idempotency-Key" extends keyof Header ? true : never
  : never;
type OncePath = {
  [Path in keyof paths]: paths[Path] extends { post: { parameters: { header?: infer Header } } }
    ? true extends HasKey<Header> ? Path : never
    : never;
}[keyof paths];

// Every POST of the API that takes a key: the compiler refuses one too many and one too few.
const ONCE_PATHS: Record<OncePath, true> = {
  "/api/v1/accounts": true,
  "/api/v1/accounts/{id}/invitation": true,
  "/api/v1/attribution/runs": true,
  "/api/v1/backups": true,
  "/api/v1/campaigns": true,
  "/api/v1/campaigns/import": true,
  "/api/v1/campaigns/{name}/messages/{id}/resend": true,
  "/api/v1/campaigns/{name}/step": true,
  "/api/v1/campaigns/{name}/test": true,
  "/api/v1/churn/runs": true,
  "/api/v1/coupon-series": true,
  "/api/v1/coupon-series/{name}/codes": true,
  "/api/v1/customers/{id}/consents": true,
  "/api/v1/customers/{id}/join": true,
  "/api/v1/dashboards/{name}/mails": true,
  "/api/v1/dashboards/{name}/mails/{id}/send": true,
  "/api/v1/drivers/runs": true,
  "/api/v1/experiments/runs": true,
  "/api/v1/forecast/runs": true,
  "/api/v1/hooks": true,
  "/api/v1/mail/keys": true,
  "/api/v1/mail/test": true,
  "/api/v1/hooks/{id}/secret": true,
  "/api/v1/imports": true,
  "/api/v1/imports/{id}/quarantine/replay": true,
  "/api/v1/imports/{id}/undo": true,
  "/api/v1/keys": true,
  "/api/v1/lifetime-value/runs": true,
  "/api/v1/links/{id}/undo": true,
  "/api/v1/personas/runs": true,
  "/api/v1/sample": true,
  "/api/v1/segments": true,
  "/api/v1/segments/{name}/export": true,
  "/api/v1/segments/{name}/refresh": true,
  "/api/v1/sms/tries": true,
  "/api/v1/sources": true,
  "/api/v1/sources/{id}/key": true,
  "/api/v1/sources/{id}/quarantine/replay": true,
  "/api/v1/sources/{id}/tag/publish": true,
  "/api/v1/sources/{id}/tag/restore": true,
  "/api/v1/uplift/runs": true,
  "/api/v1/uploads": true,
  "/api/v1/webhook/secret": true,
  "/api/v1/webhook/tries": true,
};
const patterns = Object.keys(ONCE_PATHS)
  .map((path) => new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`));

export function takesKey(path: string): boolean {
  return patterns.some((pattern) => pattern.test(path));
}

// crypto.randomUUID is not there on a page that came over plain HTTP.
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)),
                    (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// The keys of requests whose answer was lost, by request.
const unanswered = new Map<string, string>();

const TRIES_MOST = 3;
const PAUSE_MS = 500;

// How long to wait before the same request is asked again; undefined: what came of it is known.
// 409 with a time is that of a request whose first try still runs.
function pauseBehind(error: unknown, tries: number): number | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.status === 409) return error.waitMs;
  return [0, 502, 504].includes(error.status) ? PAUSE_MS * tries : undefined;
}

// A conflict may come of the first try, whose answer is not told a second time. (Where the server
// says so itself, as the browser may have asked twice on its own, client.ts reads it.)
function sayLost(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code !== "conflict") return error;
  return new ApiError({ code: "answer_lost", message: error.message }, error.status);
}

// What `attempt` gives, which sends the request with the key. `request` is all that makes it the
// same request: address and body. What is given up by the reader counts as not answered.
export async function once<Answer>(
  request: string, attempt: (key: string) => Promise<Answer>,
): Promise<Answer> {
  const known = unanswered.get(request);
  const key = known ?? newKey();

  for (let tries = 1; ; tries++) {
    try {
      const answer = await attempt(key);
      unanswered.delete(request);
      return answer;
    } catch (error) {
      const pause = pauseBehind(error, tries);
      if (pause === undefined && error instanceof ApiError) unanswered.delete(request);
      else unanswered.set(request, key);
      if (pause === undefined && (known || tries > 1)) throw sayLost(error);
      if (pause === undefined || tries === TRIES_MOST) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}
