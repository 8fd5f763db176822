// SPDX-License-Identifier: Apache-2.0
// One webhook as the server tells it.
export const HOOKS = "/api/v1/hooks";
export const SOURCES = "/api/v1/sources";

export interface Hook {
  id: string;
  name: string;
  address: string;
  mapping: unknown;
}

export interface Made extends Hook {
  secret: string;
}

// What a sender is given: the server's own name in front of the path.
export function addressOfHook(path: string): string {
  return window.location.origin + path;
}

// The text as JSON; undefined when it is none.
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export const EXAMPLE = `{
  "kind": "events",
  "fields": {
    "event": "type",
    "at": "data.created_at",
    "email": "data.customer.email",
    "id": "id",
    "properties": "_extra"
  }
}`;
