// SPDX-License-Identifier: Apache-2.0
// The OpenAPI document as the reference shows it: operations by noun, types in one word, an example
// for the command line. Of the standard it knows what the server writes.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  description?: string;
  enum?: string[];
  default?: string | number | boolean;
  items?: Schema;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
}

export interface Parameter {
  $ref?: string;
  name: string;
  in: "path" | "query" | "header";
  description?: string;
  required?: boolean;
  schema: Schema;
}

type Content = Record<string, { schema: Schema }>;

interface Operation {
  operationId: string;
  tags: string[];
  summary: string;
  description: string;
  parameters: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { $ref?: string; description?: string; content?: Content }>;
  security?: unknown[];
}

export interface Document {
  info: { version: string; description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, { description: string }> };
}

// One field of a body or an answer, or one parameter.
export interface Field {
  name: string;
  depth: number; // of nesting
  type: string;
  help: string;
  isRequired: boolean;
}

export interface Entry {
  id: string;
  noun: string;
  method: string;
  path: string;
  summary: string;
  permission: string;
  parameters: Field[];
  body?: { words: string; fields: Field[]; type: string };
  answer: { words: string; fields: Field[]; type: string };
  failures: { status: string; code: string; meaning: string }[];
  example: string;
}

const lastOf = (reference: string) => reference.slice(reference.lastIndexOf("/") + 1);

// "text", "integer or null", "list of Table", "day"
export function typeOf(schema: Schema): string {
  if (schema.$ref) return lastOf(schema.$ref);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.items && schema.type === "array") return `list of ${typeOf(schema.items)}`;
  const types = [schema.type ?? "any"].flat().map((type) =>
    type === "string" && schema.format ? schema.format : type);
  return types.join(" or ");
}

export function fieldsOf(schema: Schema, depth = 0): Field[] {
  const inner = schema.items ?? schema;

  return Object.entries(inner.properties ?? {}).flatMap(([name, member]) => [
    {
      name, depth, type: typeOf(member), help: member.description ?? "",
      isRequired: inner.required?.includes(name) ?? false,
    },
    ...fieldsOf(member, depth + 1),
  ]);
}

function parameterOf({ name, description, required, schema }: Parameter): Field {
  const usual = schema.default === undefined ? "" : ` (${schema.default})`;

  return {
    name, depth: 0, type: typeOf(schema), help: `${description ?? ""}${usual}`,
    isRequired: required ?? false,
  };
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

// A value that has the form of the type: what stands there shall be replaced.
function exampleOf(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.type === "boolean") return true;
  if (schema.type === "integer" || schema.type === "number") return 1;
  if (schema.type === "string" || schema.$ref) return "…";
  return {};
}

// The request as curl sends it, with the key in the shell's variable TESSERA_KEY.
function curlOf(origin: string, method: string, path: string, operation: Operation): string {
  const needed = operation.parameters.filter((each) => each.in === "query" && each.required);
  const query = needed.map((each) => `${each.name}=…`).join("&");
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}${quoted(
      origin + path.replaceAll("{", "").replaceAll("}", "") + (query && `?${query}`))}`,
  ];
  const content = operation.requestBody?.content ?? {};
  const schema = content["application/json"]?.schema;

  if (!operation.security) lines.push(`-H "Authorization: Bearer $TESSERA_KEY"`);
  if (schema) {
    const body = Object.fromEntries(
      Object.entries(schema.properties ?? {})
        .filter(([name]) => schema.required?.includes(name))
        .map(([name, member]) => [name, exampleOf(member)]));
    lines.push(`-H 'Content-Type: application/json'`, `-d ${quoted(JSON.stringify(body))}`);
  } else if ("application/octet-stream" in content) {
    lines.push(`--data-binary @FILE`);
  }
  return lines.join(" \\\n  ");
}

function part(content: Content | undefined) {
  const [type = "", media] = Object.entries(content ?? {})[0] ?? [];
  const schema = media?.schema ?? {};

  return {
    words: schema.description ?? "", fields: fieldsOf(schema),
    type: type === "application/json" ? typeOf(schema) : type,
  };
}

function entryOf(document: Document, origin: string, path: string, method: string,
                 operation: Operation): Entry {
  const upper = method.toUpperCase();
  const body = operation.requestBody && { body: part(operation.requestBody.content) };

  return {
    id: operation.operationId, noun: operation.tags[0] ?? "", method: upper, path,
    summary: operation.summary, permission: operation.description, ...body,
    parameters: operation.parameters.filter((each) => !each.$ref).map(parameterOf),
    answer: part(operation.responses["200"]?.content),
    failures: Object.entries(operation.responses)
      .filter(([, response]) => response.$ref)
      .map(([status, response]) => {
        const code = lastOf(response.$ref!);
        return { status, code, meaning: document.components.responses[code]?.description ?? "" };
      }),
    example: curlOf(origin, upper, path, operation),
  };
}

export function entriesOf(document: Document, origin: string): Entry[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      entryOf(document, origin, path, method, operation)));
}

// Those that hold every word somewhere: in the path, the summary, a parameter, a field.
export function matching(entries: Entry[], words: string): Entry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== "");

  return entries.filter((entry) => {
    const fields = [...entry.parameters, ...(entry.body?.fields ?? []), ...entry.answer.fields];
    const text = [entry.method, entry.path, entry.summary, ...fields.map((each) => each.name)]
      .join(" ").toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
