// SPDX-License-Identifier: Apache-2.0
// A condition tree as one sentence. What the server makes of it, line by line, stands beside it;
// this is for reading at a glance.
import { filterWords } from "@/features/selection/filter";
import type { Format } from "@/format";
import { t } from "@/i18n";
import { labelOfOperator, labelOfSubject, labelOfWhere } from "./fields";
import { kindOf, type Clause, type Qualifiers, type Scalar, type Tree } from "./tree";

const SHOWN = 5; // values of a list

function listed(values: readonly string[]): string {
  const shown = values.slice(0, SHOWN);
  const rest = values.length - shown.length;
  if (rest > 0) shown.push(t("segments.moreValues", { count: rest }));
  return shown.join(t("segments.orJoin"));
}

function scalar(value: Scalar, format: Format): string {
  if (typeof value === "number") return format.number(value);
  if (typeof value === "boolean") return t(value ? "common.yes" : "common.no");
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? format.day(value) : value;
}

function valueWords(value: Qualifiers["value"], format: Format): string {
  if (value === undefined) return "";
  return Array.isArray(value)
    ? listed(value.map((each) => scalar(each, format))) : scalar(value, format);
}

function whereWords(where: Qualifiers["where"]): string {
  return Object.entries(where ?? {})
    .map(([name, values]) => t("segments.ofWhere", {
      name: labelOfWhere(name).toLowerCase(),
      values: listed(Array.isArray(values) ? values : [values]),
    }))
    .join("");
}

function filtersWords(filters: Qualifiers["filters"]): string {
  if (!filters?.length) return "";
  const words = filters.map((filter) => filterWords(filter, undefined).toLowerCase());
  return t("segments.ofFilters", { filters: words.join(t("segments.andJoin")) });
}

function windowWords(window: Qualifiers["window"], format: Format): string {
  if (!window) return "";
  if (window.days) return t("segments.inLastDays", { count: window.days });
  const from = window.from ? t("segments.sinceDay", { day: format.day(window.from) }) : "";
  const to = window.to ? t("segments.untilDay", { day: format.day(window.to) }) : "";
  return from + to;
}

function clauseWords(clause: Clause, format: Format): string {
  const kind = kindOf(clause);
  const name = clause[kind] ?? "";
  const operator = clause.operator ? labelOfOperator(clause.operator) : "";
  const value = valueWords(clause.value, format);
  const window = windowWords(clause.window, format);
  const where = whereWords(clause.where);

  switch (kind) {
    case "segment":
      return t(clause.operator === "in" ? "segments.isIn" : "segments.isNotIn", { name });
    case "consent":
      return t("segments.consentWords", { name, channel: clause.channel ?? "", operator });
    case "event":
      return clause.operator
        ? t("segments.eventCount", { name, where, operator, value, window })
        : t("segments.eventHappened", { name, where, window });
    case "sales":
      return `${labelOfSubject(kind, name).toLowerCase()}${where}${window} ` +
        `${operator} ${value}`.trim();
    case "rfm":
      return `${labelOfSubject(kind, name)}${filtersWords(clause.filters)}${window} ` +
        `${operator} ${value}`.trim();
    case "attribute": {
      const label = name.startsWith("attributes.")
        ? name.slice("attributes.".length) : labelOfSubject(kind, name).toLowerCase();
      return `${label} ${operator} ${value}`.trim();
    }
  }
}

function nodeWords(tree: Tree, format: Format, isInner: boolean): string {
  if ("not" in tree)
    return t("segments.notWords", { conditions: nodeWords(tree.not, format, false) });
  if (!("all" in tree) && !("any" in tree)) return clauseWords(tree, format);
  const list = "all" in tree ? tree.all : tree.any;
  if (list.length === 0) return t("segments.everybody");
  const joined = list.map((each) => nodeWords(each, format, list.length > 1))
    .join(t("all" in tree ? "segments.andJoin" : "segments.orJoin"));
  return isInner && list.length > 1 ? `(${joined})` : joined;
}

export function sentenceOf(tree: Tree, format: Format): string {
  if ("all" in tree && tree.all.length === 0) return t("segments.sentenceEverybody");
  return t("segments.sentence", { conditions: nodeWords(tree, format, false) });
}
