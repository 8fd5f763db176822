// SPDX-License-Identifier: Apache-2.0
// Conditions in nested groups, by react-querybuilder with the app's own controls. It knows groups
// and rules; tree.ts makes condition trees of them and back.
import { useMemo } from "react";
import { QueryBuilder, type FullField, type RuleGroupType } from "react-querybuilder";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import classes from "./Builder.module.css";
import { controls } from "./controls";
import { fieldGroups, labelOfOperator, settled, usualValue, type Field } from "./fields";
import type { Group } from "./tree";

export interface BuilderProps {
  fields: readonly Field[];
  group: Group;
  onChange: (group: Group) => void;
}

export function Builder({ fields, group, onChange }: BuilderProps) {
  const format = useFormat();
  const groups = useMemo(() => fieldGroups(fields), [fields]);
  const find = (name: string) => fields.find((field) => field.name === name) ?? fields[0]!;

  return (
    <div className={classes.builder}>
      <QueryBuilder
        fields={groups as never} query={group as RuleGroupType}
        onQueryChange={(query) => onChange(settled(query as Group, fields, format.today()))}
        combinators={[
          { name: "and", label: t("segments.all") },
          { name: "or", label: t("segments.any") },
        ]}
        getOperators={(name) =>
          find(name).operators.map((operator) =>
            ({ name: operator, value: operator, label: labelOfOperator(operator) }))}
        getDefaultField={() => find("sales:sum_gross").name}
        getDefaultOperator={(name) =>
          find(name).operators.includes(">=") && find(name).kind === "sales"
            ? ">=" : find(name).operators[0]!}
        getDefaultValue={({ field, operator }) => 
          usualValue(find(field), operator, format.today())}
        controlElements={controls} showNotToggle resetOnFieldChange resetOnOperatorChange={false}
        addRuleToNewGroups listsAsArrays suppressStandardClassnames={false}
        accessibleDescriptionGenerator={() => t("segments.group")}
        translations={{
          notToggle: { label: t("segments.not"), title: t("segments.notHint") },
          addRule: { label: t("segments.addRule"), title: t("segments.addRule") },
          addGroup: { label: t("segments.addGroup"), title: t("segments.addGroup") },
          removeRule: { label: "", title: t("segments.removeRule") },
          removeGroup: { label: "", title: t("segments.removeGroup") },
          fields: { title: t("segments.field") },
          operators: { title: t("segments.operator") },
          combinators: { title: t("segments.combinator") },
        }} />
    </div>
  );
}

// `operators` are given one field at a time, with their words.
export type BuilderField = FullField & Omit<Field, "operators">;
