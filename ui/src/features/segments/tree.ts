// SPDX-License-Identifier: Apache-2.0
// A segment's condition tree (docs/segments.md) and the nested groups that the builder edits, each
// made of the other. The way there and back loses nothing; the one tree that comes back in another
// form is a single clause, which becomes a list of one.
import type { RuleGroupType, RuleType } from "react-querybuilder";

export type Scalar = string | number | boolean;

export type ClauseKind = "attribute" | "sales" | "rfm" | "event" | "consent" | "segment";
export const clauseKinds: readonly ClauseKind[] = [
  "attribute",
  "sales",
  "rfm",
  "event",
  "consent",
  "segment",
];

export interface Window {
  days?: number;
  from?: string;
  to?: string;
}

export type Where = Record<string, string | string[]>;

/** What a clause says beside its subject and operator. */
export interface Qualifiers {
  channel?: string;
  where?: Where;
  filters?: string[]; // of RFM, as reports write them
  window?: Window;
  value?: Scalar | Scalar[];
}

export type Clause = Partial<Record<ClauseKind, string>> & Qualifiers & { operator?: string };
export type Tree = { all: Tree[] } | { any: Tree[] } | { not: Tree } | Clause;

/** The value of a rule in the builder: the subject where it is free text, and the qualifiers. */
export interface RuleValue extends Qualifiers {
  name?: string;
}

export type Rule = RuleType<string, string, RuleValue>;
export type Group = RuleGroupType<Rule, string>;

/** Events without operator and value: at least one. */
export const HAPPENED = "happened";
const FREE = "*";
const WITH_NAMES: readonly ClauseKind[] = ["event", "consent", "segment"]; // that people gave
const MEMBER_PREFIX = "attributes.";

/** Is a value from elsewhere a tree? Of its clauses only that each is of one kind. */
export function isTree(value: unknown): value is Tree {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const node = value as Record<string, unknown>;
  if ("all" in node) return Array.isArray(node.all) && node.all.every(isTree);
  if ("any" in node) return Array.isArray(node.any) && node.any.every(isTree);
  if ("not" in node) return isTree(node.not);
  return clauseKinds.filter((kind) => typeof node[kind] === "string").length >= 1;
}

// ---- fields: "sales:count", "attribute:attributes.*", "event:*" ----

export function fieldName(kind: ClauseKind, subject: string): string {
  return `${kind}:${subject}`;
}

export function fieldParts(field: string): { kind: ClauseKind; subject: string } {
  const colon = field.indexOf(":");
  return { kind: field.slice(0, colon) as ClauseKind, subject: field.slice(colon + 1) };
}

function isFree(field: string): boolean {
  return field.endsWith(FREE);
}

export function kindOf(clause: Clause): ClauseKind {
  const kind = clauseKinds.find((candidate) => clause[candidate] !== undefined);
  if (!kind) throw new Error(`no clause: ${JSON.stringify(clause)}`);
  return kind;
}

function subjectOf(kind: ClauseKind, subject: string): { field: string; name?: string } {
  if (kind === "attribute" && subject.startsWith(MEMBER_PREFIX))
    return {
      field: fieldName(kind, MEMBER_PREFIX + FREE),
      name: subject.slice(MEMBER_PREFIX.length),
    };
  return WITH_NAMES.includes(kind)
    ? { field: fieldName(kind, FREE), name: subject } : { field: fieldName(kind, subject) };
}

// ---- from the tree ----

function ruleOf(clause: Clause): Rule {
  const kind = kindOf(clause);
  const { operator, [kind]: subject, ...qualifiers } = clause;
  const { field, name } = subjectOf(kind, subject ?? "");
  return {
    field,
    operator: operator ?? HAPPENED,
    value: { ...(qualifiers as Qualifiers), ...(name === undefined ? {} : { name }) },
  };
}

// "not" of a list of several is that group, negated; "not" of anything else is a group around it.
function negated(inner: Tree): Group {
  const node = nodeOf(inner);
  if ("rules" in node && node.rules.length > 1 && !node.not) return { ...node, not: true };
  return { combinator: "and", not: true, rules: [node] };
}

function nodeOf(tree: Tree): Group | Rule {
  if ("all" in tree) return { combinator: "and", rules: tree.all.map(nodeOf) };
  if ("any" in tree) return { combinator: "or", rules: tree.any.map(nodeOf) };
  if ("not" in tree) return negated(tree.not);
  return ruleOf(tree);
}

export function groupOfTree(tree: Tree): Group {
  const node = nodeOf(tree);
  return "rules" in node ? node : { combinator: "and", rules: [node] };
}

// ---- and back ----

function clauseOf(rule: Rule): Clause {
  const { kind, subject } = fieldParts(rule.field);
  const { name, value, ...qualifiers } = rule.value;
  const written = isFree(subject) ? subject.slice(0, -FREE.length) + (name ?? "") : subject;
  return {
    [kind]: written,
    ...qualifiers,
    ...(rule.operator === HAPPENED ? {} : { operator: rule.operator }),
    ...(value === undefined ? {} : { value }),
  };
}

function treeOfNode(node: Group | Rule): Tree {
  if (!("rules" in node)) return clauseOf(node);
  const inner = node.rules.map(treeOfNode);
  if (node.not && inner.length === 1) return { not: inner[0] as Tree };
  const list: Tree = node.combinator === "or" ? { any: inner } : { all: inner };
  return node.not ? { not: list } : list;
}

export function treeOfGroup(group: Group): Tree {
  return treeOfNode(group);
}

// Members in the order of their names, so that equal trees are written alike.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]));
}

/** Do both say the same in the same way? A single clause is a list of one. */
export function isSameTree(one: Tree, other: Tree): boolean {
  const written = (tree: Tree) => JSON.stringify(sorted(treeOfGroup(groupOfTree(tree))));
  return written(one) === written(other);
}
