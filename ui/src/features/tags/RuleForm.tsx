// SPDX-License-Identifier: Apache-2.0
import { Button, Group, Paper, Select, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { t } from "@/i18n";
import { isSelector, type Configuration, type Property, type Rule } from "./tag";

const occasions = ["click", "submit", "visible", "page", "data_layer"] as const;
const sources = [
  ["attribute", "tags.fromAttribute"], ["text", "tags.fromText"],
  ["data_layer", "tags.fromDataLayer"], ["query", "tags.fromQuery"],
  ["constant", "tags.fromConstant"],
] as const;

function isOfElement({ on }: Rule): boolean {
  return on === "click" || on === "submit" || on === "visible";
}

// Without what a change of the occasion left behind.
function cleaned(rule: Rule): Rule {
  const { selector, pattern, purpose, properties = [], event, on } = rule;

  return {
    event: event.trim(), on,
    ...(isOfElement(rule) ? { selector: selector?.trim() ?? "" } : { pattern: pattern ?? "" }),
    ...(purpose ? { purpose } : {}),
    ...(properties.length > 0 ? { properties } : {}),
  };
}

export function RuleForm({ draft, rule, onDone, onCancel }: {
  draft: Configuration; rule: Rule | undefined;
  onDone: (rule: Rule) => void; onCancel: () => void;
}) {
  const [value, setValue] = useState<Rule>(rule ?? { event: "", on: "click", selector: "" });
  const set = (change: Partial<Rule>) => setValue({ ...value, ...change });

  const isWrong = isOfElement(value) && !!value.selector && !isSelector(value.selector);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isWrong) onDone(cleaned(value));
  }

  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput label={t("tags.event")} description={t("tags.eventHint")} required
                   maxLength={200} data-autofocus value={value.event}
                   onChange={(event) => set({ event: event.target.value })} />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Select label={t("tags.on")} allowDeselect={false} value={value.on}
                  data={occasions.map((one) => ({ value: one, label: t(`tags.${one}`) }))}
                  onChange={(on) => set({ on: on as Rule["on"] })} />
          {isOfElement(value)
            ? <TextInput label={t("tags.selector")} placeholder={t("tags.selectorHint")} required
                         maxLength={300} value={value.selector ?? ""}
                         error={isWrong && t("tags.noSelector")}
                         onChange={(event) => set({ selector: event.target.value })} />
            : <TextInput label={t(value.on === "page" ? "tags.patternPage" : "tags.patternLayer")}
                         placeholder={t("tags.patternHint")} required maxLength={300}
                         value={value.pattern ?? ""}
                         onChange={(event) => set({ pattern: event.target.value })} />}
        </SimpleGrid>
        <Select label={t("tags.purpose")} allowDeselect={false} value={value.purpose ?? ""}
                data={[{ value: "", label: t("tags.purposeUsual", { purpose: draft.measure }) },
                       ...draft.purposes.map(({ name }) => name)]}
                onChange={(purpose) => set({ purpose: purpose ?? "" })} />
        <Properties of={value.properties ?? []}
                    onChange={(properties) => set({ properties })} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>{t("common.cancel")}</Button>
          <Button type="submit">{t("tags.done")}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Properties({ of, onChange }: { of: Property[]; onChange: (of: Property[]) => void }) {
  const put = (index: number, change: Partial<Property>) =>
    onChange(of.map((one, at) => (at === index ? { ...one, ...change } : one)));

  return (
    <Stack gap="xs">
      <Text fw={500} size="sm">{t("tags.properties")}</Text>
      {of.map((property, index) => (
        <Paper key={index} withBorder p="xs">
          <PropertyFields property={property} onChange={(change) => put(index, change)}
                          onRemove={() => onChange(of.filter((_, at) => at !== index))} />
        </Paper>
      ))}
      <Group>
        <Button variant="default" size="xs"
                onClick={() => onChange([...of, { name: "", from: "attribute", key: "" }])}>
          {t("tags.addProperty")}
        </Button>
      </Group>
    </Stack>
  );
}

function PropertyFields({ property, onChange, onRemove }: {
  property: Property; onChange: (change: Partial<Property>) => void; onRemove: () => void;
}) {
  const { from } = property;
  const hasSelector = from === "attribute" || from === "text";

  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
      <TextInput label={t("tags.propertyName")} required maxLength={80} value={property.name}
                 onChange={(event) => onChange({ name: event.target.value })} />
      <Select label={t("tags.from")} allowDeselect={false} value={from}
              data={sources.map(([value, label]) => ({ value, label: t(label) }))}
              onChange={(next) => onChange({ from: next as Property["from"] })} />
      {from !== "text" && from !== "constant" && (
        <TextInput label={t("tags.key")} required maxLength={300} value={property.key ?? ""}
                   onChange={(event) => onChange({ key: event.target.value })} />
      )}
      {from === "constant" && (
        <TextInput label={t("tags.value")} maxLength={300} value={property.value ?? ""}
                   onChange={(event) => onChange({ value: event.target.value })} />
      )}
      {hasSelector && (
        <TextInput label={t("tags.within")} maxLength={300} value={property.selector ?? ""}
                   onChange={(event) => onChange({ selector: event.target.value })} />
      )}
      <Group align="flex-end">
        <Button variant="subtle" color="red" size="compact-sm" onClick={onRemove}>
          {t("tags.remove")}
        </Button>
      </Group>
    </SimpleGrid>
  );
}
