// SPDX-License-Identifier: Apache-2.0
// react-querybuilder's controls as the app draws them.
import { ActionIcon, Button, Checkbox, NativeSelect, Select } from "@mantine/core";
import { IconFolderPlus, IconPlus, IconX } from "@tabler/icons-react";
import type {
  ActionProps, CombinatorSelectorProps, ControlElementsProp, FieldSelectorProps, FullField,
  NotToggleProps, OperatorSelectorProps,
} from "react-querybuilder";
import classes from "./Builder.module.css";
import { ValueEditor } from "./ValueEditor";

interface Listed {
  label: string;
  name?: string;
  value?: string;
  options?: Listed[];
}

function item({ label, name, value }: Listed) {
  return { label, value: value ?? name ?? "" };
}

function CombinatorSelector({ options, value, handleOnChange, title }: CombinatorSelectorProps) {
  return (
    <NativeSelect size="xs" aria-label={title ?? ""} value={value ?? ""}
                  data={(options as Listed[]).map(item)}
                  onChange={(event) => handleOnChange(event.currentTarget.value)} />
  );
}

function NotToggle({ checked, handleOnChange, label, title }: NotToggleProps) {
  return (
    <Checkbox size="xs" label={label} title={title ?? ""} checked={checked ?? false}
              onChange={(event) => handleOnChange(event.currentTarget.checked)} />
  );
}

function AddRule({ handleOnClick, label }: ActionProps) {
  return (
    <Button size="compact-sm" variant="light" leftSection={<IconPlus size={14} />}
            onClick={() => handleOnClick()}>
      {label}
    </Button>
  );
}

function AddGroup({ handleOnClick, label }: ActionProps) {
  return (
    <Button size="compact-sm" variant="default" leftSection={<IconFolderPlus size={14} />}
            onClick={() => handleOnClick()}>
      {label}
    </Button>
  );
}

function Remove({ handleOnClick, title }: ActionProps) {
  return (
    <ActionIcon className={classes.remove ?? ""} variant="subtle" color="gray" title={title ?? ""}
                aria-label={title ?? ""} onClick={() => handleOnClick()}>
      <IconX size={16} />
    </ActionIcon>
  );
}

function FieldSelector({ options, value, handleOnChange, title }: FieldSelectorProps) {
  const groups = (options as Listed[])
    .map(({ label, options: inner = [] }) => ({ group: label, items: inner.map(item) }));

  return (
    <Select className={classes.field ?? ""} size="xs" aria-label={title ?? ""} data={groups}
            value={value ?? null} allowDeselect={false} searchable maxDropdownHeight={320}
            onChange={(name) => { if (name) handleOnChange(name); }} />
  );
}

function OperatorSelector({ options, value, handleOnChange, title }: OperatorSelectorProps) {
  return (
    <NativeSelect size="xs" aria-label={title ?? ""} value={value ?? ""}
                  data={(options as Listed[]).map(item)}
                  onChange={(event) => handleOnChange(event.currentTarget.value)} />
  );
}

export const controls = {
  combinatorSelector: CombinatorSelector,
  notToggle: NotToggle,
  addRuleAction: AddRule,
  addGroupAction: AddGroup,
  removeRuleAction: Remove,
  removeGroupAction: Remove,
  fieldSelector: FieldSelector,
  operatorSelector: OperatorSelector,
  valueEditor: ValueEditor,
} as unknown as ControlElementsProp<FullField, string>;
