// SPDX-License-Identifier: Apache-2.0
// The one way to the server: JSON in, JSON out, every failure an ApiError. It holds no answer; what
// is kept for how long is a matter of queries.ts.

import type { components } from "./schema";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Parameter = string | number | boolean | null | undefined | readonly string[];
export type Parameters = Readonly<Record<string, Parameter>>;

// The closed list of the server's codes, and two of our own: no answer, and no JSON.
export type ErrorCode = components["schemas"]["ErrorCode"] | "unreachable" | "unreadable";

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

  constructor(failure: Failure, status: number) {
    super(failure.message);
    this.name = "ApiError";
    this.code = failure.code;
    this.detail = failure.detail;
    this.hint = failure.hint;
    this.field = failure.field;
    this.status = status;
  }
}

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

async function failureOf(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { error: Failure };
    return new ApiError(body.error, response.status);
  } catch {
    const message = `${response.status} ${response.statusText}`.trim();
    return new ApiError({ code: "unreadable", message }, response.status);
  }
}

async function send(method: Method, address: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  let response: Response;

  headers.set("Accept", "application/json");
  if (method !== "GET" && csrfToken) headers.set("X-CSRF-Token", csrfToken);
  try {
    response = await fetch(address, { ...init, method, headers, credentials: "same-origin" });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError({ code: "unreachable", message: "the server does not answer" }, 0);
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

async function read<Answer>(response: Response): Promise<Answer> {
  const text = await response.text();

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
): Promise<Answer> {
  const init: RequestInit =
    body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };

  return read(await send(method, addressOf(path, parameters), init));
}

// A file as the body, with progress, which fetch cannot tell. `share` goes from 0 to 1.
export function upload<Answer>(
  path: string, parameters: Parameters, file: Blob, onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();

    request.open("POST", addressOf(path, parameters));
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
      });
      (answer.ok ? read<Answer>(answer) : failureOf(answer).then((error) => Promise.reject(error)))
        .then(resolve, reject);
    };
    request.onerror = () =>
      reject(new ApiError({ code: "unreachable", message: "the server does not answer" }, 0));
    request.onabort = () => reject(new DOMException("given up", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
