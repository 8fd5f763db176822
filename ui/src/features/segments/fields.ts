// SPDX-License-Identifier: Apache-2.0
// What conditions can speak of (GET /api/v1/segments/fields), as the builder's lists.
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { textsOf } from "@/features/selection/columns";
import { humanised } from "@/format";
import { known, t } from "@/i18n";
import {
  clauseKinds, fieldName, fieldParts, HAPPENED, type ClauseKind, type Group, type Rule,
  type RuleValue, type Scalar,
} from "./tree";

export const SEGMENTS_PATH = "/api/v1/segments";

export interface FieldsAnswer {
  fields: Table;
  where: Table;
  groups: Table;
  consents: Table; // purposes and channels that there are
  events: Table; // names of events that there are
}

export type ValueType =
  | "text" | "bool" | "day" | "count" | "money" | "quantity" | "days" | "text or number"
  | "score" | "group" | "consent" | "segment";

export interface Field {
  name: string; // "sales:count"
  kind: ClauseKind;
  label: string;
  type: ValueType;
  operators: string[];
  definition: string;
}

export function useFields() {
  return useApi<FieldsAnswer>(`${SEGMENTS_PATH}/fields`, {}, { staleTime: 600_000 });
}

export function labelOfSubject(kind: ClauseKind, subject: string): string {
  const name = subject.replace(/[^a-z_]/g, "_");
  return known(`segments.${kind}_${name}`) ?? humanised(subject);
}

export function labelOfOperator(operator: string): string {
  const names: Record<string, string> = {
    ">=": "at_least", "<=": "at_most", ">": "more", "<": "less",
  };
  return known(`segments.op_${names[operator] ?? operator}`) ?? operator;
}

/** What clauses of this kind can be restricted by. */
export function restrictionsOf({ where }: FieldsAnswer, kind: ClauseKind): string[] {
  const clauses = textsOf(where, "clauses");
  return textsOf(where, "name").filter((_, index) => clauses[index]?.split(", ").includes(kind));
}

export function labelOfWhere(name: string): string {
  return known(`segments.where_${name}`) ?? humanised(name);
}

export function fieldsOf({ fields }: FieldsAnswer): Field[] {
  const [types, operators, definitions, subjects] =
    ["type", "operators", "definition", "field"].map((name) => textsOf(fields, name));

  return textsOf(fields, "clause").map((clause, index): Field => {
    const kind = clause as ClauseKind;
    const subject = subjects![index] ?? "";
    const listed = (operators![index] ?? "").split(", ");
    return {
      name: fieldName(kind, subject),
      kind,
      label: labelOfSubject(kind, subject),
      type: types![index] as ValueType,
      operators: kind === "event" ? [HAPPENED, ...listed] : listed,
      definition: definitions![index] ?? "",
    };
  });
}

/** Fields under the headings of their kinds. */
export function fieldGroups(fields: readonly Field[]) {
  return clauseKinds.map((kind) => ({
    label: t(`segments.kind_${kind}`),
    options: fields.filter((field) => field.kind === kind)
      .map(({ operators: _, ...field }) => ({ ...field, value: field.name })),
  }));
}

// ---- values that fit ----

const LISTED = ["in", "not_in"];
const VALUELESS = ["is_known", "is_unknown", "granted", "not_granted", HAPPENED];

export function takesList(rule: Pick<Rule, "field" | "operator">): boolean {
  return LISTED.includes(rule.operator) && fieldParts(rule.field).kind !== "segment";
}

export function takesValue(rule: Pick<Rule, "field" | "operator">): boolean {
  return !VALUELESS.includes(rule.operator) && fieldParts(rule.field).kind !== "segment";
}

export function usualScalar(type: ValueType, today: string): Scalar {
  switch (type) {
    case "bool": return true;
    case "count": case "money": case "quantity": return 1;
    case "days": return 90;
    case "score": return 5;
    case "day": return today;
    default: return "";
  }
}

export function usualValue(field: Field, operator: string, today: string): RuleValue {
  const named = field.name.endsWith("*") ? { name: "" } : {};
  const channel = field.kind === "consent" ? { channel: "email" } : {};
  const rule = { field: field.name, operator };
  const usual = takesList(rule) ? [] : usualScalar(field.type, today);
  const value = takesValue(rule) ? { value: usual } : {};
  return { ...named, ...channel, ...value };
}

// One rule after its operator changed: one value becomes a list and back, or none is needed.
function settledRule(rule: Rule, fields: readonly Field[], today: string): Rule {
  const { value, ...others } = rule.value ?? {};
  const field = fields.find(({ name }) => name === rule.field);

  if (!field) return rule;
  if (!takesValue(rule)) return value === undefined ? rule : { ...rule, value: others };
  const isList = Array.isArray(value);
  if (value !== undefined && isList === takesList(rule)) return rule;
  const fitting = value === undefined
    ? usualValue(field, rule.operator, today).value
    : isList ? (value[0] ?? usualScalar(field.type, today)) : value === "" ? [] : [value as Scalar];
  return { ...rule, value: { ...others, ...(fitting === undefined ? {} : { value: fitting }) } };
}

/** `today` is the day at which values that are days begin. */
export function settled(group: Group, fields: readonly Field[], today: string): Group {
  return {
    ...group,
    rules: group.rules.map((node) =>
      "rules" in node ? settled(node, fields, today) : settledRule(node, fields, today)),
  };
}
