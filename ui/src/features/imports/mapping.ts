// SPDX-License-Identifier: Apache-2.0
// A mapping as the API writes it, and changes to it as a person makes them: by column. The server
// proposes, completes and checks; here only what was chosen is written down.
import type { Table } from "@/api/client";

export const KINDS =
  ["sales", "customers", "products", "stores", "staff", "events", "consents"] as const;
export type Kind = (typeof KINDS)[number];

export interface Mapping {
  kind: Kind;
  source: string;
  format: { [name: string]: unknown };
  fields: { [field: string]: string | string[] };
  constants: { [field: string]: string };
  attributes: string[];
  left_out?: string[];
  options: { [name: string]: string };
}

export interface Proposal {
  mapping: Mapping;
  columns: Table; // column, field, example
  preview: Table;
  missing?: string;
  missing_hint?: string;
}

// What a column is taken for: a field's name, or one of these.
export const LEFT_OUT = "(left out)";
export const ATTRIBUTE = "(attribute)";

const listOf = (columns: string | string[]) => (Array.isArray(columns) ? columns : [columns]);

export function meaningOf(mapping: Mapping, column: string): string {
  const field = Object.entries(mapping.fields)
    .find(([, columns]) => listOf(columns).includes(column));
  return field?.[0] ?? (mapping.attributes.includes(column) ? ATTRIBUTE : LEFT_OUT);
}

// Points a column at another meaning. A field has one column, but for instants, whose date and time
// may stand in two; the column it had before is left out. `all` are the columns of the file: what
// has no meaning is named, so that it is not proposed again.
export function withMeaning(
  mapping: Mapping, column: string, meaning: string, joins: boolean, all: readonly string[],
): Mapping {
  const fields = Object.fromEntries(Object.entries(mapping.fields)
    .map(([field, columns]) => [field, listOf(columns).filter((each) => each !== column)] as const)
    .filter(([field, columns]) => columns.length > 0 && (field !== meaning || joins)));
  const attributes = mapping.attributes.filter((each) => each !== column);
  const constants = { ...mapping.constants };

  if (meaning === ATTRIBUTE) attributes.push(column);
  else if (meaning !== LEFT_OUT) {
    fields[meaning] = [...(fields[meaning] ?? []), column];
    delete constants[meaning];
  }
  const changed: Mapping = { ...mapping, fields, constants, attributes };
  return { ...changed, left_out: all.filter((each) => meaningOf(changed, each) === LEFT_OUT) };
}

export function withOption(mapping: Mapping, name: string, value: string): Mapping {
  return { ...mapping, options: { ...mapping.options, [name]: value } };
}

export function withConstant(mapping: Mapping, field: string, value: string): Mapping {
  const { [field]: _, ...constants } = mapping.constants;
  return { ...mapping, constants: value === "" ? constants : { ...constants, [field]: value } };
}

// What of how a file is written stands when a part of it is changed; the rest is found out anew.
const KEPT: { [changed: string]: readonly string[] } = {
  format: ["compression"],
  encoding: ["format", "compression", "header", "delimiter", "quote"],
  delimiter: ["format", "compression", "encoding", "quote"],
  quote: ["format", "compression", "encoding", "header", "delimiter"],
  header: ["format", "compression", "encoding", "delimiter", "quote"],
};

// How the file is written is changed: what its columns are and mean is to be found out anew.
export function withFormat(mapping: Mapping, name: string, value: string): Mapping {
  const kept = Object.entries(mapping.format)
    .filter(([each]) => (KEPT[name] ?? []).includes(each));
  return {
    ...mapping, format: { ...Object.fromEntries(kept), [name]: value }, fields: {}, attributes: [],
    left_out: [],
  };
}
