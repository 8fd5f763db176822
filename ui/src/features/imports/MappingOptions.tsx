// SPDX-License-Identifier: Apache-2.0
// How the values of a file are read, and how the file itself is written.
import { Select, SimpleGrid, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import { Panel } from "@/components";
import { t } from "@/i18n";
import { withConstant, withFormat, withOption, type Mapping } from "./mapping";

export interface MappingOptionsProps {
  mapping: Mapping;
  onMapping: (mapping: Mapping) => void;
}

export function MappingOptions({ mapping, onMapping }: MappingOptionsProps) {
  const { options } = mapping;
  const change = (name: string) => (value: string) => onMapping(withOption(mapping, name, value));
  const isSales = mapping.kind === "sales";

  return (
    <Panel title={t("imports.options")}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        <Words label={t("imports.source")} description={t("imports.sourceHint")}
               value={mapping.source} onChange={(source) => onMapping({ ...mapping, source })} />
        <Words label={t("imports.zone")} description={t("imports.zoneHint")}
               value={options.zone ?? ""} onChange={change("zone")} />
        <Choice label={t("imports.dateOrder")} value={options.date_order ?? "ymd"}
                onChange={change("date_order")}
                data={(["ymd", "dmy", "mdy"] as const).map((value) => ({
                  value, label: t(`imports.${value}`),
                }))} />
        <Choice label={t("imports.decimal")} value={options.decimal ?? "point"}
                onChange={change("decimal")}
                data={(["point", "comma"] as const).map((value) => ({
                  value, label: t(`imports.${value}`),
                }))} />
        {isSales && <SalesOptions mapping={mapping} onMapping={onMapping} />}
        <Words label={t("imports.country")} value={options.country ?? ""}
               onChange={change("country")} />
      </SimpleGrid>
      <FormatOptions mapping={mapping} onMapping={onMapping} />
    </Panel>
  );
}

function SalesOptions({ mapping, onMapping }: MappingOptionsProps) {
  const { options } = mapping;
  const change = (name: string) => (value: string) => onMapping(withOption(mapping, name, value));

  return (
    <>
      <Choice label={t("imports.prices")} value={options.prices ?? "gross"}
              onChange={change("prices")}
              data={[{ value: "gross", label: t("imports.grossPrices") },
                     { value: "net", label: t("imports.netPrices") }]} />
      <Words label={t("imports.vatRate")} value={options.vat_rate ?? ""}
             onChange={change("vat_rate")} />
      <Words label={t("imports.currency")} value={mapping.constants.currency ?? ""}
             onChange={(value) => onMapping(withConstant(mapping, "currency", value))} />
      <Words label={t("imports.refundPrefix")} value={options.refund_prefix ?? ""}
             onChange={change("refund_prefix")} />
      <Choice label={t("imports.otherPrefix")} value={options.other_prefix ?? "sale"}
              onChange={change("other_prefix")}
              data={[{ value: "sale", label: t("imports.prefixSale") },
                     { value: "adjustment", label: t("imports.prefixAdjustment") }]} />
    </>
  );
}

const FORMATS = ["csv", "tsv", "json_lines", "json", "parquet", "fixed_width"];

function FormatOptions({ mapping, onMapping }: MappingOptionsProps) {
  const { format } = mapping;
  const value = (name: string) => String(format[name] ?? "");
  const change = (name: string) => (text: string) => onMapping(withFormat(mapping, name, text));
  const known = FORMATS.includes(value("format")) ? FORMATS : [value("format"), ...FORMATS];

  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" mt="sm">
      <Choice label={t("imports.fileFormat")} value={value("format")} data={known} isDisabled
              onChange={change("format")} />
      {format.delimiter !== undefined && (
        <Words label={t("imports.delimiter")} value={value("delimiter")}
               onChange={change("delimiter")} />
      )}
      <Words label={t("imports.encoding")} value={value("encoding")} isDisabled
             onChange={change("encoding")} />
    </SimpleGrid>
  );
}

interface FieldProps {
  label: string;
  description?: string;
  value: string;
  isDisabled?: boolean;
  onChange: (value: string) => void;
}

// Typed text goes to the server when the typist rests.
function Words({ label, description, value, isDisabled, onChange }: FieldProps) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  const tell = useDebouncedCallback(onChange, 600);

  if (value !== told) {
    setTold(value);
    setTyped(value);
  }
  return (
    <TextInput label={label} description={description} value={typed} inputWrapperOrder={ORDER}
               disabled={isDisabled ?? false}
               onChange={(event) => { setTyped(event.target.value); tell(event.target.value); }} />
  );
}

const ORDER: ("label" | "input" | "description" | "error")[] =
  ["label", "input", "description", "error"];

function Choice({ label, value, data, isDisabled, onChange }: FieldProps & {
  data: string[] | { value: string; label: string }[];
}) {
  return (
    <Select label={label} value={value} data={data} allowDeselect={false}
            disabled={isDisabled ?? false} onChange={(next) => next && onChange(next)} />
  );
}
