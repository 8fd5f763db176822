// SPDX-License-Identifier: Apache-2.0
// The one way to the server: JSON in, JSON out, every failure an ApiError. It holds no answer; what
// is kept for how long is a matter of queries.ts.

import { ApiError, type Failure } from "./failure";
import { once, takesKey } from "./once";
import type { components } from "./schema";

export { ApiError, type ErrorCode, type Failure } from "./failure";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Parameter = string | number | boolean | null | undefined | readonly string[];
export type Parameters = Readonly<Record<string, Parameter>>;

export type ColumnType = components["schemas"]["ColumnType"];
export type Column = components["schemas"]["Column"];
export type Cell = components["schemas"]["Cell"];

// How every list and every report is answered.
export interface Table {
  columns: Column[];
  rows: Cell[][];
  row_count: number;
  next?: string; // where the next page begins; absent on the last
}

// The token that proves to the server that a change was asked for by this app. Set from the session
// document, sent with every unsafe method.
let csrfToken: string | null = null;

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

// "/api/v1/customers" and {q: "ann", limit: 20} → "/api/v1/customers?q=ann&limit=20". What is
// undefined, null or "" is left out; lists repeat the parameter.
export function addressOf(path: string, parameters: Parameters = {}): string {
  const search = new URLSearchParams();

  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === null || value === "") continue;
    if (typeof value === "object") value.forEach((each) => search.append(name, each));
    else search.append(name, String(value));
  }
  return search.size > 0 ? `${path}?${search}` : path;
}

function unreachable(): ApiError {
  return new ApiError({ code: "unreachable", message: "the server does not answer" }, 0);
}

async function failureOf(response: Response): Promise<ApiError> {
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);

  try {
    const body = (await response.json()) as { error: Failure };
    if (response.headers.has("Idempotent-Replayed")) body.error.code = "answer_lost"; // once.ts
    return new ApiError(body.error, response.status, seconds >= 0 ? seconds * 1000 : undefined);
  } catch {
    const message = `${response.status} ${response.statusText}`.trim();
    return new ApiError({ code: "unreadable", message }, response.status);
  }
}

function isGivenUp(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === "AbortError";
}

async function send(method: Method, address: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  let response: Response;

  headers.set("Accept", "application/json");
  if (method !== "GET" && csrfToken) headers.set("X-CSRF-Token", csrfToken);
  try {
    response = await fetch(address, { ...init, method, headers, credentials: "same-origin" });
  } catch (cause) {
    throw isGivenUp(cause) ? cause : unreachable();
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

// An answer that breaks off is none.
async function textOf(response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (cause) {
    throw isGivenUp(cause) ? cause : unreachable();
  }
}

async function read<Answer>(response: Response): Promise<Answer> {
  const text = await textOf(response);

  if (text === "") return undefined as Answer;
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new ApiError({ code: "unreadable", message: "the answer is no JSON" }, response.status);
  }
}

export async function get<Answer>(
  path: string, parameters?: Parameters, signal?: AbortSignal,
): Promise<Answer> {
  return read(await send("GET", addressOf(path, parameters), signal ? { signal } : {}));
}

export async function call<Answer>(
  method: Exclude<Method, "GET">, path: string, body?: unknown, parameters?: Parameters,
  signal?: AbortSignal,
): Promise<Answer> {
  const address = addressOf(path, parameters);
  const text = body === undefined ? undefined : JSON.stringify(body);
  const attempt = async (key?: string) => {
    const headers = new Headers();

    if (text !== undefined) headers.set("Content-Type", "application/json");
    if (key) headers.set("Idempotency-Key", key);
    return read<Answer>(await send(method, address, {
      headers, ...(text && { body: text }), ...(signal && { signal }),
    }));
  };

  return method === "POST" && takesKey(path) ? once(`${address}\n${text}`, attempt) : attempt();
}

// What the server answers with as a file, and the name it gives it.
export async function fetchFile(
  path: string, body: unknown,
): Promise<{ name: string; blob: Blob }> {
  const headers = { "Content-Type": "application/json" };
  const response = await send("POST", path, { headers, body: JSON.stringify(body) });
  const [, name = "file"] =
    /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "") ?? [];

  try {
    return { name, blob: await response.blob() };
  } catch {
    throw unreachable();
  }
}

// A file as the body, with progress, which fetch cannot tell. `share` goes from 0 to 1, and begins
// anew when the connection broke and the file is sent again.
export function upload<Answer>(
  path: string, parameters: Parameters, file: File, onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  const address = addressOf(path, parameters);

  return once(`${address}\n${file.size} ${file.lastModified}`,
              (key) => sendFile(address, key, file, onProgress, signal));
}

function sendFile<Answer>(
  address: string, key: string, file: File, onProgress: (share: number) => void,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();

    request.open("POST", address);
    request.setRequestHeader("Idempotency-Key", key);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Content-Type", "application/octet-stream");
    if (csrfToken) request.setRequestHeader("X-CSRF-Token", csrfToken);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      const answer = new Response(request.response, {
        status: request.status,
        statusText: request.statusText,
        headers: { "Retry-After": request.getResponseHeader("Retry-After") ?? "" },
      });
      (answer.ok ? read<Answer>(answer) : failureOf(answer).then((error) => Promise.reject(error)))
        .then(resolve, reject);
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException("given up", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    if (signal?.aborted) reject(new DOMException("given up", "AbortError"));
    else request.send(file);
  });
}
