// SPDX-License-Identifier: Apache-2.0
// What counts beside the period: one pill per filter, and a small form that adds another. Fields
// come from the registry of metrics; values are suggested from those that occur.
import { ActionIcon, Autocomplete, Button, NativeSelect, Popover, Stack, TextInput }
  from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { t } from "@/i18n";
import classes from "./Choice.module.css";
import { filterWords, joinFilter, operatorsOf, type FilterParts } from "./filter";
import { dimensionNames, filterFields, useRegistry, useValuesOf } from "./registry";

/** A Selection is one. */
export interface Filtered {
  filters: readonly string[];
  change: (change: { filters: readonly string[] }) => void;
}

export function FilterChoice({ selection }: { selection: Filtered }) {
  const { filters, change } = selection;
  const registry = useRegistry();

  return (
    <>
      {filters.length === 0 && t("selection.everything")}
      {filters.map((filter) => (
        <span key={filter}>
          <span className={classes.pill}>
            {filterWords(filter, registry.data)}
            <ActionIcon size="sm" variant="subtle" radius="xl"
                        aria-label={t("selection.removeFilter", { filter })}
                        onClick={() =>
                          change({ filters: filters.filter((each) => each !== filter) })}>
              <IconX size={14} />
            </ActionIcon>
          </span>{" "}
        </span>
      ))}{" "}
      <AddFilter onAdd={(filter) => {
        if (!filters.includes(filter)) change({ filters: [...filters, filter] });
      }} />
    </>
  );
}

function AddFilter({ onAdd }: { onAdd: (filter: string) => void }) {
  const [isOpen, { toggle, close, set }] = useDisclosure();

  return (
    <Popover opened={isOpen} onChange={set} trapFocus returnFocus withArrow shadow="md"
             width={280}>
      <Popover.Target>
        <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} />}
                onClick={toggle}>
          {t("selection.addFilter")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <FilterForm onAdd={(filter) => { onAdd(filter); close(); }} />
      </Popover.Dropdown>
    </Popover>
  );
}

const first: FilterParts = { field: "customer", operator: "=", value: "known" };

function FilterForm({ onAdd }: { onAdd: (filter: string) => void }) {
  const registry = useRegistry().data;
  const [parts, setParts] = useState(first);
  const fields = filterFields(registry);

  function submit(event: FormEvent): void {
    event.preventDefault();
    onAdd(joinFilter(parts));
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <NativeSelect label={t("selection.field")} value={parts.field} data={fields} data-autofocus
                      onChange={({ currentTarget: { value: field } }) =>
                        setParts({ field, operator: operatorsOf(field)[0]!,
                                   value: field === "customer" ? "known" : "" })} />
        <NativeSelect label={t("selection.operator")} value={parts.operator}
                      data={operatorsOf(parts.field)
                        .map((value) => ({ value, label: value }))}
                      onChange={({ currentTarget: { value: operator } }) =>
                        setParts({ ...parts, operator })} />
        <ValueInput parts={parts} onChange={(value) => setParts({ ...parts, value })} />
        <Button type="submit" disabled={parts.value.trim() === ""}>{t("common.add")}</Button>
      </Stack>
    </form>
  );
}

interface ValueInputProps {
  parts: FilterParts;
  onChange: (value: string) => void;
}

function ValueInput({ parts, onChange }: ValueInputProps) {
  const choices = { customer: ["known", "anonymous"], kind: ["sale", "refund", "adjustment"] };
  const registry = useRegistry().data;
  const isSuggested = dimensionNames(registry).includes(parts.field) && parts.field !== "kind";

  if (parts.field in choices)
    return (
      <NativeSelect label={t("selection.value")} value={parts.value}
                    data={["", ...choices[parts.field as keyof typeof choices]]}
                    onChange={(event) => onChange(event.currentTarget.value)} />
    );
  if (isSuggested)
    return <SuggestedInput key={parts.field} parts={parts} onChange={onChange} />;
  return (
    <TextInput label={t("selection.value")} value={parts.value}
               onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

function SuggestedInput({ parts, onChange }: ValueInputProps) {
  const [sought] = useDebouncedValue(parts.value, 200);
  const values = useValuesOf(parts.field, sought);

  return (
    <Autocomplete label={t("selection.value")} value={parts.value} onChange={onChange} limit={30}
                  data={values} filter={({ options }) => options} maxDropdownHeight={220}
                  comboboxProps={{ withinPortal: false }} />
  );
}
