// SPDX-License-Identifier: Apache-2.0
// One button for each filter of the list: it says what is chosen, opens what can be chosen, and is
// cleared beside it.
import {
  ActionIcon, Button, Checkbox, Group, MultiSelect, NativeSelect, NumberInput, Popover, Radio,
  Stack, TagsInput,
} from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconFilterOff, IconX } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useTable } from "@/api/queries";
import { recordsOf, textOf } from "@/api/records";
import { useMay } from "@/api/session";
import { SEGMENTS_PATH, useFields } from "@/features/segments/fields";
import { textsOf } from "@/features/selection/columns";
import { useValuesOf } from "@/features/selection/registry";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import classes from "./CustomerFilters.module.css";
import {
  bought, consentOf, contacts, noFilters, treeOfFilters, type Filters,
} from "./filters";

interface FiltersProps {
  filters: Filters;
  onChange: (filters: Filters) => void;
}

export function CustomerFilters(props: FiltersProps) {
  return (
    <Group gap="xs" role="group" aria-label={t("customers.filters")}>
      <BoughtFilter {...props} />
      <SpentFilter {...props} />
      <CountryFilter {...props} />
      <GroupFilter {...props} />
      <ConsentFilter {...props} />
      <HasFilter {...props} />
      <SegmentFilter {...props} />
      {treeOfFilters(props.filters) && (
        <Button variant="subtle" size="compact-sm" leftSection={<IconFilterOff size={14} />}
                onClick={() => props.onChange(noFilters)}>
          {t("customers.filtersClear")}
        </Button>
      )}
    </Group>
  );
}

interface FilterProps {
  name: string;
  chosen: string; // in words; "": nothing
  onClear: () => void;
  children: ReactNode;
}

function Filter({ name, chosen, onClear, children }: FilterProps) {
  const [isOpen, { toggle, set }] = useDisclosure();

  return (
    <span className={classes.filter} data-set={chosen !== "" || undefined}>
      <Popover opened={isOpen} onChange={set} trapFocus returnFocus shadow="md" width={280}
               position="bottom-start">
        <Popover.Target>
          <Button size="compact-sm" fw={500} variant={chosen ? "light" : "default"}
                  className={classes.open ?? ""} onClick={toggle}
                  rightSection={<IconChevronDown size={14} aria-hidden />}>
            {chosen ? t("customers.filterSet", { name, chosen }) : name}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>{children}</Popover.Dropdown>
      </Popover>
      {chosen && (
        <ActionIcon variant="light" className={classes.clear ?? ""} onClick={onClear}
                    h="auto" aria-label={t("customers.filterClear", { name })}>
          <IconX size={14} />
        </ActionIcon>
      )}
    </span>
  );
}

function BoughtFilter({ filters, onChange }: FiltersProps) {
  return (
    <Filter name={t("customers.filterBought")}
            chosen={filters.bought && t(`customers.bought_${filters.bought}`)}
            onClear={() => onChange({ ...filters, bought: "" })}>
      <Radio.Group label={t("customers.filterBought")} value={filters.bought}
                   onChange={(value) => onChange({ ...filters, bought: value as "never" })}>
        <Stack gap="xs" mt="xs">
          {bought.map((each) => (
            <Radio key={each} value={each} label={t(`customers.bought_${each}`)} />
          ))}
        </Stack>
      </Radio.Group>
    </Filter>
  );
}

// Typed amounts are asked with once the typing pauses.
function SpentFilter({ filters, onChange }: FiltersProps) {
  const format = useFormat();
  const amount = (text: string) => format.number(Number(text));
  const { spentFrom: from, spentTo: to } = filters;
  const chosen = from && to
    ? t("customers.spentBetween", { from: amount(from), to: amount(to) })
    : from ? t("customers.spentFrom", { from: amount(from) })
      : to && t("customers.spentTo", { to: amount(to) });

  return (
    <Filter name={t("customers.filterSpent")} chosen={chosen}
            onClear={() => onChange({ ...filters, spentFrom: "", spentTo: "" })}>
      <Stack gap="xs">
        <AmountInput label={t("customers.atLeast")} value={from}
                     onChange={(spentFrom) => onChange({ ...filters, spentFrom })} />
        <AmountInput label={t("customers.atMost")} value={to}
                     onChange={(spentTo) => onChange({ ...filters, spentTo })} />
      </Stack>
    </Filter>
  );
}

interface AmountInputProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function AmountInput({ label, value, onChange }: AmountInputProps) {
  return (
    <NumberInput label={label} value={value} decimalScale={2} thousandSeparator=" "
                 onChange={(next) => onChange(String(next))} />
  );
}

function CountryFilter({ filters, onChange }: FiltersProps) {
  const [sought, setSought] = useState("");
  const [settled] = useDebouncedValue(sought, 200);
  const countries = useValuesOf("country", settled, useMay()("read_reports"));

  return (
    <Filter name={t("customers.filterCountry")} chosen={filters.country.join(", ")}
            onClear={() => onChange({ ...filters, country: [] })}>
      <TagsInput label={t("customers.filterCountry")} description={t("customers.countryHint")}
                 data={countries.map(({ value }) => value)} value={filters.country}
                 searchValue={sought} onSearchChange={setSought} acceptValueOnBlur
                 comboboxProps={{ withinPortal: false }}
                 onChange={(country) => onChange({ ...filters, country })} />
    </Filter>
  );
}

function GroupFilter({ filters, onChange }: FiltersProps) {
  const fields = useFields().data;

  return (
    <Filter name={t("customers.filterGroup")} chosen={filters.group.join(", ")}
            onClear={() => onChange({ ...filters, group: [] })}>
      <MultiSelect label={t("customers.filterGroup")} description={t("customers.groupHint")}
                   data={fields ? textsOf(fields.groups, "name") : []} value={filters.group}
                   comboboxProps={{ withinPortal: false }}
                   onChange={(group) => onChange({ ...filters, group })} />
    </Filter>
  );
}

function ConsentFilter({ filters, onChange }: FiltersProps) {
  const fields = useFields().data;
  const chosen = consentOf(filters.consent);
  const known = fields ? recordsOf(fields.consents).map((each) =>
    ({ purpose: textOf(each, "purpose"), channel: textOf(each, "channel") })) : [];
  const name = ({ purpose, channel }: { purpose: string; channel: string }) =>
    t("customers.consentName", { purpose, channel });
  const set = (consent: string) => onChange({ ...filters, consent });

  return (
    <Filter name={t("customers.filterConsent")} onClear={() => set("")}
            chosen={chosen ? `${name(chosen)}, ${
              t(chosen.isGiven ? "customers.consentGiven" : "customers.consentNotGiven")}` : ""}>
      <Stack gap="sm">
        <NativeSelect label={t("customers.filterConsent")}
                      value={filters.consent.replace(/^!/, "")}
                      data={[{ value: "", label: t("customers.anyConsent") },
                             ...known.map((each) =>
                               ({ value: `${each.purpose} ${each.channel}`, label: name(each) }))]}
                      onChange={(event) => set(event.currentTarget.value)} />
        {chosen && (
          <Radio.Group label={t("customers.consentIs")} value={String(chosen.isGiven)}
                       onChange={(isGiven) => set(
                         (isGiven === "true" ? "" : "!") + filters.consent.replace(/^!/, ""))}>
            <Group mt="xs">
              <Radio value="true" label={t("customers.consentGiven")} />
              <Radio value="false" label={t("customers.consentNotGiven")} />
            </Group>
          </Radio.Group>
        )}
      </Stack>
    </Filter>
  );
}

function HasFilter({ filters, onChange }: FiltersProps) {
  return (
    <Filter name={t("customers.filterHas")} onClear={() => onChange({ ...filters, has: [] })}
            chosen={filters.has.map((each) => t(`customers.has_${each}`)).join(", ")}>
      <Checkbox.Group label={t("customers.filterHas")} value={filters.has}
                      onChange={(has) => onChange({ ...filters, has: has as Filters["has"] })}>
        <Stack gap="xs" mt="xs">
          {contacts.map((each) => (
            <Checkbox key={each} value={each} label={t(`customers.has_${each}`)} />
          ))}
        </Stack>
      </Checkbox.Group>
    </Filter>
  );
}

function SegmentFilter({ filters, onChange }: FiltersProps) {
  const segments = useTable(SEGMENTS_PATH, { stored: true });
  const names = segments.data ? textsOf(segments.data, "name") : [];
  const all = filters.segment && !names.includes(filters.segment)
    ? [filters.segment, ...names] : names;
  const set = (segment: string) => onChange({ ...filters, segment });

  if (all.length === 0) return null;
  return (
    <Filter name={t("customers.filterSegment")} chosen={filters.segment} onClear={() => set("")}>
      <NativeSelect label={t("customers.filterSegment")} value={filters.segment}
                    data={[{ value: "", label: t("customers.anySegment") }, ...all]}
                    onChange={(event) => set(event.currentTarget.value)} />
    </Filter>
  );
}

