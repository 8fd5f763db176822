// SPDX-License-Identifier: Apache-2.0
// What a condition says beside its field and operator: a name where the field is free text, the
// value or values, and for purchases and events what counts and when.
import {
  Autocomplete, MultiSelect, NativeSelect, NumberInput, SegmentedControl, TagsInput, Text,
  TextInput,
} from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import type { ValueEditorProps } from "react-querybuilder";
import { useTable } from "@/api/queries";
import { textsOf } from "@/features/selection/columns";
import { FilterChoice } from "@/features/selection/FilterChoice";
import { useValuesOf } from "@/features/selection/registry";
import { t } from "@/i18n";
import classes from "./Builder.module.css";
import type { BuilderField } from "./Builder";
import { SEGMENTS_PATH, takesList, takesValue, useFields } from "./fields";
import { PersonaEditor } from "./PersonaEditor";
import type { RuleValue, Scalar } from "./tree";
import { WhereEditor } from "./WhereEditor";
import { WindowEditor } from "./WindowEditor";

export interface PartProps {
  value: RuleValue;
  onChange: (value: RuleValue) => void;
}

export function ValueEditor(props: ValueEditorProps) {
  const field = props.fieldData as unknown as BuilderField;
  const value = (props.value ?? {}) as unknown as RuleValue;
  const part = { value, onChange: (next: RuleValue) => props.handleOnChange(next) };
  const rule = { field: props.field, operator: props.operator };
  const hasWindow = ["sales", "rfm", "event"].includes(field.kind);

  return (
    <div className={classes.values}>
      {field.name.endsWith("*") && <NameEditor field={field} {...part} />}
      {field.kind === "consent" && <ChannelEditor {...part} />}
      {takesValue(rule) && (takesList(rule)
        ? <ListEditor field={field} {...part} />
        : <ScalarEditor field={field} operator={props.operator} {...part} />)}
      {hasWindow && <WindowEditor {...part} />}
      {["sales", "event"].includes(field.kind) && <WhereEditor kind={field.kind} {...part} />}
      {field.kind === "rfm" && <FiltersEditor {...part} />}
    </div>
  );
}

function NameEditor({ field, value, onChange }: PartProps & { field: BuilderField }) {
  const label = t(`segments.name_${field.kind as "event"}`);

  const known = useKnownNames(field);

  if (field.kind === "segment") return <SegmentEditor value={value} onChange={onChange} />;
  return (
    <Autocomplete size="xs" className={classes.text ?? ""} aria-label={label} placeholder={label}
                  data={known} limit={50} value={value.name ?? ""} required
                  onChange={(name) => onChange({ ...value, name })} />
  );
}

// Events and purposes that the data names; of attributes nothing is known here.
function useKnownNames({ kind }: BuilderField): string[] {
  const answer = useFields().data;

  if (!answer || (kind !== "event" && kind !== "consent")) return [];
  return kind === "event"
    ? textsOf(answer.events, "name") : [...new Set(textsOf(answer.consents, "purpose"))];
}

function SegmentEditor({ value, onChange }: PartProps) {
  const segments = useTable(SEGMENTS_PATH, { stored: true });
  const names = segments.data ? textsOf(segments.data, "name") : [];
  const all = value.name && !names.includes(value.name) ? [value.name, ...names] : names;

  return (
    <NativeSelect size="xs" className={classes.text ?? ""} aria-label={t("segments.name_segment")}
                  data={[{ value: "", label: t("segments.chooseSegment") },
                         ...all.map((name) => ({ value: name, label: name }))]}
                  value={value.name ?? ""}
                  onChange={(event) => onChange({ ...value, name: event.currentTarget.value })} />
  );
}

// The documents that scores are worked out of, as the report filters them.
function FiltersEditor({ value, onChange }: PartProps) {
  function change({ filters }: { filters: readonly string[] }): void {
    const { filters: _, ...others } = value;
    onChange(filters.length > 0 ? { ...others, filters: [...filters] } : others);
  }

  return (
    <Text size="xs" component="span">
      {t("segments.countingOnly")}{" "}
      <FilterChoice selection={{ filters: value.filters ?? [], change }} />
    </Text>
  );
}

function useGroups(): string[] {
  const answer = useFields().data;
  return answer ? textsOf(answer.groups, "name") : [];
}

function GroupsEditor({ value, onChange }: PartProps) {
  const values = Array.isArray(value.value) ? value.value.map(String) : [];

  return (
    <MultiSelect size="xs" className={classes.list ?? ""} aria-label={t("segments.values")}
                 placeholder={values.length === 0 ? t("segments.chooseGroup") : ""}
                 data={useGroups()} value={values}
                 onChange={(groups) => onChange({ ...value, value: groups })} />
  );
}

function useChannels(): string[] {
  const answer = useFields().data;
  return answer ? [...new Set(textsOf(answer.consents, "channel"))] : [];
}

function ChannelEditor({ value, onChange }: PartProps) {
  return (
    <Autocomplete size="xs" className={classes.short ?? ""} aria-label={t("segments.channel")}
                  placeholder={t("segments.channel")} data={useChannels()}
                  value={value.channel ?? ""}
                  onChange={(channel) => onChange({ ...value, channel })} />
  );
}

// Countries are suggested from those of the sales; of other attributes nothing is known here.
function useSuggestions(field: BuilderField, sought: string) {
  const [settled] = useDebouncedValue(sought, 200);
  const isCountry = field.name === "attribute:country";
  return useValuesOf("country", settled, isCountry).map(({ value }) => value);
}

function ListEditor({ field, value, onChange }: PartProps & { field: BuilderField }) {
  const [sought, setSought] = useState("");
  const suggestions = useSuggestions(field, sought);
  const values = Array.isArray(value.value) ? value.value : [];

  if (field.type === "group") return <GroupsEditor value={value} onChange={onChange} />;
  return (
    <TagsInput size="xs" className={classes.list ?? ""} aria-label={t("segments.values")}
               placeholder={values.length === 0 ? t("segments.valuesHint") : ""}
               data={suggestions} searchValue={sought} onSearchChange={setSought}
               value={values.map(String)} splitChars={[";", "\n"]} acceptValueOnBlur
               onChange={(texts) => onChange({ ...value, value: texts.map((text) =>
                 values.find((known) => String(known) === text) ?? text) })} />
  );
}

interface ScalarEditorProps extends PartProps {
  field: BuilderField;
  operator: string;
}

const PERSONAS = ["attribute:persona", "attribute:persona_before"];

function ScalarEditor({ field, operator, value, onChange }: ScalarEditorProps) {
  const scalar = Array.isArray(value.value) ? value.value[0] : value.value;
  const set = (next: Scalar) => onChange({ ...value, value: next });

  switch (field.type) {
    case "bool":
      return (
        <NativeSelect size="xs" aria-label={t("segments.value")} value={String(scalar)}
                      data={[{ value: "true", label: t("common.yes") },
                             { value: "false", label: t("common.no") }]}
                      onChange={(event) => set(event.currentTarget.value === "true")} />
      );
    case "day":
      return (
        <TextInput type="date" size="xs" aria-label={t("segments.value")}
                   value={String(scalar ?? "")}
                   onChange={(event) => set(event.currentTarget.value)} />
      );
    case "count": case "days": case "money": case "quantity":
      if (PERSONAS.includes(field.name) && operator === "is")
        return <PersonaEditor scalar={scalar} set={set} />;
      return <FigureEditor scalar={scalar} isWhole={["count", "days"].includes(field.type)}
                           set={set} />;
    case "score":
      return (
        <NativeSelect size="xs" aria-label={t("segments.value")} value={String(scalar)}
                      data={["1", "2", "3", "4", "5"]}
                      onChange={(event) => set(Number(event.currentTarget.value))} />
      );
    case "group":
      return <GroupEditor scalar={scalar} set={set} />;
    case "text or number":
      return <MemberEditor scalar={scalar} set={set} />;
    default:
      return <TextEditor field={field} scalar={scalar} set={set} />;
  }
}

interface ScalarProps {
  scalar: Scalar | undefined;
  set: (value: Scalar) => void;
}

function FigureEditor({ scalar, set, isWhole }: ScalarProps & { isWhole: boolean }) {
  return (
    <NumberInput size="xs" className={classes.short ?? ""} aria-label={t("segments.value")}
                 value={typeof scalar === "number" ? scalar : ""} thousandSeparator=","
                 allowDecimal={!isWhole} allowNegative={!isWhole} decimalScale={isWhole ? 0 : 6}
                 onChange={(next) => { if (typeof next === "number") set(next); }} />
  );
}

function GroupEditor({ scalar, set }: ScalarProps) {
  return (
    <NativeSelect size="xs" aria-label={t("segments.value")} value={String(scalar ?? "")}
                  data={[{ value: "", label: t("segments.chooseGroup") }, ...useGroups()]}
                  onChange={(event) => set(event.currentTarget.value)} />
  );
}

// Attributes of one's own can hold texts or numbers: the condition says as what they are compared.
function MemberEditor({ scalar, set }: ScalarProps) {
  const isNumber = typeof scalar === "number";

  return (
    <>
      <SegmentedControl size="xs" aria-label={t("segments.comparedAs")}
                        value={isNumber ? "number" : "text"}
                        data={[{ value: "text", label: t("segments.asText") },
                               { value: "number", label: t("segments.asNumber") }]}
                        onChange={(as) => set(as === "number"
                          ? Number(scalar) || 0 : String(scalar ?? ""))} />
      {isNumber
        ? <FigureEditor scalar={scalar} isWhole={false} set={set} />
        : <PlainText scalar={scalar} set={set} />}
    </>
  );
}

function PlainText({ scalar, set }: ScalarProps) {
  return (
    <TextInput size="xs" className={classes.text ?? ""} aria-label={t("segments.value")}
               value={String(scalar ?? "")} onChange={(event) => set(event.currentTarget.value)} />
  );
}

function TextEditor({ field, scalar, set }: ScalarProps & { field: BuilderField }) {
  const suggestions = useSuggestions(field, String(scalar ?? ""));

  return (
    <Autocomplete size="xs" className={classes.text ?? ""} aria-label={t("segments.value")}
                  data={suggestions} limit={30} value={String(scalar ?? "")} onChange={set} />
  );
}
