// SPDX-License-Identifier: Apache-2.0
// The documents of /api/v1/consent, and the words for what stands in them.
import type { Table } from "@/api/client";
import { t, type Key } from "@/i18n";

export const PURPOSES_PATH = "/api/v1/consent/purposes";
export const SUPPRESSIONS_PATH = "/api/v1/consent/suppressions";
export const CONFIRMATIONS_PATH = "/api/v1/consent/confirmations";
export const FACTS_PATH = "/api/v1/consent/facts";

export const pathOf = (name: string) => `${PURPOSES_PATH}/${encodeURIComponent(name)}`;
export const addressOf = (name: string) => `/govern/consent/${encodeURIComponent(name)}`;

export const CHANNELS =
  ["email", "sms", "letter", "phone", "push", "web", "ads", "webhook"] as const;
// Those whose addresses the suppression list knows.
export const ADDRESSED = ["email", "sms", "phone"] as const;
export const BASES = ["consent", "contract", "legal_obligation", "vital_interests", "public_task",
  "legitimate_interests"] as const;

export interface Use {
  basis: string;
  double_opt_in?: boolean;
}

export interface PurposeWords {
  title: string;
  explanation: string;
  text: string;
}

export interface Definition {
  is_marketing: boolean;
  channels: Record<string, Use>;
  languages: Record<string, PurposeWords>;
}

export interface Purpose {
  name: string;
  version: number;
  definition: Definition;
}

export interface PurposeShown extends Purpose {
  versions: Table;
}

export interface Fact {
  id: string;
  purpose: string;
  channel: string;
  state: string;
  at: string;
  source: string;
  legal_basis: string | null;
  text_version: string | null;
  locale: string | null;
  method: string | null;
  recorded_by: string | null;
  proof: string | null;
  title: string | null;
  text: string | null;
}

export const emptyWords: PurposeWords = { title: "", explanation: "", text: "" };
export const emptyDefinition: Definition = {
  is_marketing: true,
  channels: { email: { basis: "consent", double_opt_in: true } },
  languages: { en: emptyWords },
};

const REASONS = ["permitted", "no_basis", "restricted", "objected", "withdrawn", "refused",
  "unconfirmed", "no_consent", "no_address", "suppressed"];
const STATES = ["granted", "denied", "withdrawn", "pending", "objected", "restricted"];
const SUPPRESSED_FOR = ["unsubscribed", "bounced", "complained", "erased", "imported"];
const CONFIRMATIONS = ["waiting", "started", "sent", "failed", "needless"];

// A word of the catalogue where there is one; what sources call otherwise stays as they call it.
function word(known: readonly string[], group: string, name: string): string {
  return known.includes(name) ? t(`consent.${group}_${name}` as Key) : name;
}

export const channelWord = (name: string) =>
  name === "all" ? t("consent.allChannels") : word(CHANNELS, "channel", name);
export const basisWord = (name: string) => word(BASES, "basis", name);
export const reasonWord = (name: string) => word(REASONS, "reason", name);
export const stateWord = (name: string) => word(STATES, "state", name);
export const suppressedWord = (name: string) => word(SUPPRESSED_FOR, "suppressed", name);
export const confirmationWord = (name: string) => word(CONFIRMATIONS, "confirmation", name);
export const purposeWord = (name: string) => name === "all" ? t("consent.allPurposes") : name;

// null: the purpose does not use the channel. Only consents can be confirmed.
export function withUse(definition: Definition, channel: string, use: Use | null): Definition {
  const channels = { ...definition.channels };

  if (use) channels[channel] = use.basis === "consent" ? use : { basis: use.basis };
  else delete channels[channel];
  return { ...definition, channels };
}

// null: there are no words in this language any more.
export function withWords(
  definition: Definition, language: string, words: PurposeWords | null,
): Definition {
  const languages = { ...definition.languages };

  if (words) languages[language] = words;
  else delete languages[language];
  return { ...definition, languages };
}
