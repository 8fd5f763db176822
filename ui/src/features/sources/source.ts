// SPDX-License-Identifier: Apache-2.0
// Sources that send as things happen, as the API tells of them.
import { t, type Key } from "@/i18n";

export const SOURCES_PATH = "/api/v1/sources";

export interface Source {
  id: string;
  name: string;
  type: string;
  is_enabled: boolean;
  is_public: boolean;
  silence_s: number;
  schema: unknown;
  schema_policy: string;
  old_key_until: string | null;
  created_at: string;
  created_by: string;
  is_exempt: boolean;
  deleted_at: string | null;
  deleted_count: number;
}

export function sourcePath(id: string): string {
  return `${SOURCES_PATH}/${encodeURIComponent(id)}`;
}

// Webhooks are made elsewhere: they have a secret to sign with instead of a key.
export const sourceTypes = ["website", "app", "server", "till"] as const;

const known = new Set<string>([...sourceTypes, "webhook"]);

export function typeName(type: string): string {
  return known.has(type) ? t(`sources.${type}` as Key) : type;
}

// In place of seconds: learnt from the source's own rhythm.
export const SILENCE_LEARNT = -1;

export function alarmWords(silence_s: number): string {
  if (silence_s === SILENCE_LEARNT) return t("sources.alarmLearnt");
  return silence_s > 0
    ? t("sources.alarmAfter", { count: Math.round(silence_s / 60) }) : t("sources.alarmNever");
}

const states = new Set(["on", "off", "silent", "new"]);

export function stateName(state: string): string {
  return states.has(state) ? t(`sources.state_${state}` as Key) : state;
}
