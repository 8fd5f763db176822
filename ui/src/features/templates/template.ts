// SPDX-License-Identifier: Apache-2.0
// What the pages of templates share: the addresses of the API and the shapes of its answers.
import type { Table } from "@/api/client";
import type { Key } from "@/i18n";

export const TEMPLATES_PATH = "/api/v1/templates";
export const LANGUAGE_PATH = "/api/v1/template-language";
export const PREVIEW_PATH = "/api/v1/templates/preview";

export const pathOf = (name: string) => `${TEMPLATES_PATH}/${encodeURIComponent(name)}`;
export const addressOf = (name: string) => `/push/templates/${encodeURIComponent(name)}`;

export const KINDS = ["email", "text", "letter", "onsite", "webhook"] as const;
export type Kind = (typeof KINDS)[number];
export const kindKeys = {
  email: "templates.kindEmail", text: "templates.kindText", letter: "templates.kindLetter",
  onsite: "templates.kindOnsite", webhook: "templates.kindWebhook",
} as const satisfies Record<Kind, Key>;

export interface Variant {
  language: string;
  segment: string;
  subject: string;
  html: string;
  text: string;
}

export interface Template {
  name: string;
  kind: Kind;
  version: number;
  description: string;
  subject: string;
  html: string;
  text: string;
  variants: Variant[];
}

export interface Fault {
  part: string; // subject, html, text
  line: number; // from 1
  column: number; // from 1, in characters
  message: string;
}

export interface Preview {
  subject?: string;
  html?: string;
  text?: string;
  variant?: number;
  customer?: string;
  fault?: Fault;
}

export interface Language {
  values: Table;
  filters: Table;
  tags: Table;
}

// A word that the editor offers.
export interface Offer {
  name: string;
  detail: string; // its type or how it is written
  info: string;
}

const offersOf = (table: Table): Offer[] =>
  table.rows.map((row) => ({
    name: String(row[0]), detail: String(row[1]), info: String(row[row.length - 1]),
  }));

export function vocabularyOf(language: Language) {
  return {
    // Of lists the members are offered under the item's name, which people choose themselves.
    values: offersOf(language.values).filter((value) => !value.name.includes("[]")),
    filters: offersOf(language.filters),
    tags: offersOf(language.tags),
  };
}
export type Vocabulary = ReturnType<typeof vocabularyOf>;

// What is being written before the cursor: nothing of the language, a filter, a tag, a value.
export function placeIn(before: string): "filter" | "tag" | "value" | undefined {
  const output = before.lastIndexOf("{{");
  const tag = before.lastIndexOf("{%");
  const begin = Math.max(output, tag);

  if (begin < 0 || before.indexOf(output > tag ? "}}" : "%}", begin) >= 0) return undefined;
  const inside = before.slice(begin + 2);
  if (/\|\s*\w*$/.test(inside)) return "filter";
  if (tag > output && /^-?\s*\w*$/.test(inside)) return "tag";
  return "value";
}

// The place of a fault in a text: from 0, within it.
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const within = [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;

  return Math.min(before + within, text.length);
}

// A page of its own around a message's HTML, for a frame without rights: nothing is loaded from
// elsewhere, and nothing runs.
export function framed(html: string): string {
  return `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; `
    + `style-src 'unsafe-inline'; img-src data:"><base target="_blank">${html}`;
}
