// SPDX-License-Identifier: Apache-2.0
// The tag of a web site as the API tells it. What it is told itself is in ui/tag.
import type { Table } from "@/api/client";
import type { Configuration, Property, Rule, Texts } from "../../../tag/configuration";

export type { Configuration, Property, Rule, Texts };

export const TAGS_PATH = "/api/v1/tags";

export interface Tag {
  source: string;
  version: number;
  is_changed: boolean;
  draft: Configuration;
  snippet: string;
  versions: Table;
}

export function tagPath(source: string): string {
  return `/api/v1/sources/${encodeURIComponent(source)}/tag`;
}

export function withRule(rules: Rule[], index: number, rule: Rule | null): Rule[] {
  const next = [...rules];

  next.splice(index, 1, ...(rule ? [rule] : []));
  return next;
}

// As this browser understands them.
export function isSelector(text: string): boolean {
  try {
    document.createDocumentFragment().querySelector(text);
    return true;
  } catch {
    return false;
  }
}

// What a purpose or a language that was just added begins with.
export function emptyTexts(configuration: Configuration): Texts {
  const words = { title: "", text: "", accept: "", refuse: "", save: "", choices: "",
                  withdraw: "", policy: "" };
  return {
    ...words,
    purposes: Object.fromEntries(
      configuration.purposes.map(({ name }) => [name, { label: name, text: "" }])),
  };
}

// Every language explains every purpose, and no others.
export function withPurposes(
  configuration: Configuration, purposes: Configuration["purposes"]): Configuration {
  const languages = Object.fromEntries(
    Object.entries(configuration.languages).map(([language, texts]) => [language, {
      ...texts,
      purposes: Object.fromEntries(purposes.map(({ name }, index) => {
        const former = configuration.purposes[index]?.name ?? name;
        return [name, texts.purposes[name] ?? texts.purposes[former] ?? { label: name, text: "" }];
      })),
    }]));
  const isKept = purposes.some(({ name }) => name === configuration.measure);

  return {
    ...configuration, purposes, languages,
    measure: isKept ? configuration.measure : purposes[0]?.name ?? "",
  };
}
