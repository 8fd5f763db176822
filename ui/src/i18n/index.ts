// SPDX-License-Identifier: Apache-2.0
// Words of the app in the reader's language. English is the catalogue that the others must match;
// each noun has a file of its own in en/.
//
// To add a language: a folder like en/ whose index.ts satisfies Catalogue; a row in `languages`.
import type { en } from "./en";

type Plural = { readonly one: string; readonly other: string };
type Words = Readonly<Record<string, string | Plural>>;
export type Catalogue = {
  readonly [Noun in keyof typeof en]: {
    readonly [Word in keyof (typeof en)[Noun]]: (typeof en)[Noun][Word] extends string
      ? string
      : Plural;
  };
};
export type Key = {
  [Noun in keyof typeof en & string]: `${Noun}.${keyof (typeof en)[Noun] & string}`;
}[keyof typeof en & string];

const languages: Record<string, { name: string; load: () => Promise<Catalogue> }> = {
  en: { name: "English", load: async () => (await import("./en")).en },
};

let language = "en";
let catalogue: Catalogue;

// The reader's choice, otherwise the first of the browser's languages that there are words for.
export async function loadLanguage(): Promise<void> {
  const wanted = [localStorage.getItem("language") ?? "", ...navigator.languages];

  language = wanted.map((each) => each.slice(0, 2)).find((each) => each in languages) ?? "en";
  catalogue = await languages[language]!.load();
  document.documentElement.lang = language;
}

// How numbers and dates are written: by the browser's own region where it speaks our language.
export function locale(): string {
  return navigator.languages.find((each) => each.startsWith(language)) ?? language;
}

// The catalogue's word for a name that the server made up, where there is one.
export function known(key: string): string | undefined {
  const [noun = "", word = ""] = key.split(".");
  const entry = (catalogue[noun as keyof Catalogue] as Words | undefined)?.[word];

  return typeof entry === "string" ? entry : undefined;
}

export type Values = Readonly<Record<string, string | number>>;

// t("jobs.waiting", {count: 3}): the words with {names} replaced; numbers are written as the
// language does. An entry with one and other is chosen by `count`.
export function t(key: Key, values: Values = {}): string {
  const [noun, word] = key.split(".") as [keyof Catalogue, string];
  const entry = (catalogue[noun] as Words)[word];

  if (entry === undefined) {
    console.error(`there are no words for ${key}`);
    return key;
  }
  return fill(typeof entry === "string" ? entry : choose(entry, values.count), values);
}

function choose(entry: Plural, count: string | number | undefined): string {
  const rule = new Intl.PluralRules(language).select(Number(count ?? 0));
  return rule === "one" ? entry.one : entry.other;
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(locale()).format(value) : value;
  });
}
