// SPDX-License-Identifier: Apache-2.0
// Which purchases or events count: "only category Tea or Coffee", as many restrictions as are
// wanted, each with values that any is enough of.
import { ActionIcon, Button, Menu, TagsInput, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFilterPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useValuesOf } from "@/features/selection/registry";
import { t } from "@/i18n";
import classes from "./Builder.module.css";
import { labelOfWhere, restrictionsOf, useFields } from "./fields";
import type { ClauseKind, Where } from "./tree";
import type { PartProps } from "./ValueEditor";

export function WhereEditor({ kind, value, onChange }: PartProps & { kind: ClauseKind }) {
  const answer = useFields().data;
  const where = value.where ?? {};
  const names = answer ? restrictionsOf(answer, kind) : [];
  const free = names.filter((name) => !(name in where));

  function set(next: Where): void {
    const { where: _, ...others } = value;
    onChange(Object.keys(next).length > 0 ? { ...others, where: next } : others);
  }

  return (
    <>
      {Object.entries(where).map(([name, values]) => (
        <Restriction key={name} name={name} values={Array.isArray(values) ? values : [values]}
                     onChange={(texts) => set({ ...where, [name]: texts })}
                     onRemove={() => {
                       const { [name]: _, ...others } = where;
                       set(others);
                     }} />
      ))}
      {free.length > 0 && (
        <Menu shadow="md">
          <Menu.Target>
            <Button size="compact-xs" variant="subtle" leftSection={<IconFilterPlus size={14} />}>
              {t("segments.addWhere")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {free.map((name) => (
              <Menu.Item key={name} onClick={() => set({ ...where, [name]: [] })}>
                {labelOfWhere(name)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

interface RestrictionProps {
  name: string;
  values: string[];
  onChange: (values: string[]) => void;
  onRemove: () => void;
}

function Restriction({ name, values, onChange, onRemove }: RestrictionProps) {
  const [sought, setSought] = useState("");
  const [settled] = useDebouncedValue(sought, 200);
  const suggestions = useValuesOf(name, settled).slice(0, 50);

  return (
    <>
      <Text size="xs">{t("segments.only", { name: labelOfWhere(name).toLowerCase() })}</Text>
      <TagsInput size="xs" className={classes.list ?? ""} aria-label={labelOfWhere(name)}
                 placeholder={values.length === 0 ? t("segments.valuesHint") : ""}
                 data={suggestions.map(({ value }) => value)} filter={({ options }) => options}
                 searchValue={sought} onSearchChange={setSought} acceptValueOnBlur
                 splitChars={[";", "\n"]} value={values} onChange={onChange}
                 renderOption={({ option }) =>
                   suggestions.find(({ value }) => value === option.value)?.label ?? option.value}
                 rightSection={
                   <ActionIcon size="sm" variant="subtle" color="gray" onClick={onRemove}
                               aria-label={t("segments.removeWhere", { name: labelOfWhere(name) })}>
                     <IconX size={14} />
                   </ActionIcon>
                 } rightSectionPointerEvents="all" />
    </>
  );
}
