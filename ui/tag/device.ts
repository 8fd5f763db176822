// SPDX-License-Identifier: Apache-2.0
// What is kept on the device: one entry for the visitor, one for each event that waits to be sent,
// so that two windows never write over each other's. Whoever calls has asked whether it may be.

export interface Choice {
  granted: Record<string, boolean>;
  at: number;
  version: number; // of the texts that were shown
  tcf?: string;
}

export interface Session {
  id: number; // when it began
  last: number;
  campaign?: Record<string, string>;
}

export interface Visitor {
  id?: string;
  made?: number;
  user?: string;
  choice?: Choice;
  session?: Session;
  exempt?: boolean; // counted without consent, and so never one who gave it
}

export const NAME = "tessera";
const EVENT = "tessera.e.";

// Storage may be switched off, or full: then this visit is not remembered.
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

export function recall(): Visitor {
  return attempt(() => JSON.parse(localStorage.getItem(NAME)!) as Visitor) || {};
}

export function remember(visitor: Visitor): void {
  attempt(() => localStorage.setItem(NAME, JSON.stringify(visitor)));
}

export function keepEvent(id: string, text: string): void {
  attempt(() => localStorage.setItem(EVENT + id, text));
}

export function dropEvent(id: string): void {
  attempt(() => localStorage.removeItem(EVENT + id));
}

// In the order in which they happened: an id begins with its time.
export function keptEvents(): [string, string][] {
  return attempt(() => Object.keys(localStorage)
    .filter((key) => key.startsWith(EVENT))
    .sort()
    .map((key): [string, string] => [key.slice(EVENT.length), localStorage.getItem(key) || ""])
  ) || [];
}

export function forgetVisitor(): void {
  attempt(() => localStorage.removeItem(NAME));
}

// The purpose of an event that tells that a consent is gone: the only one that needs none. No
// purpose of a site has this name.
export const WITHDRAWAL = "!";

export function forget(): void {
  forgetVisitor();
  for (const [id] of keptEvents()) dropEvent(id);
}

export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
}
