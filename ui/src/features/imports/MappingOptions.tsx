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
    </Panel>
  );
}

/** Changing it means finding the columns out anew. */
export function FormatPanel(props: MappingOptionsProps) {
  return (
    <Panel title={t("imports.format")} sentence={t("imports.formatSentence")}>
      <FormatOptions {...props} />
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

const FORMATS = ["csv", "fixed_width", "json_lines", "parquet"] as const;
const ENCODINGS = ["utf-8", "utf-16le", "utf-16be", "latin-1", "windows-1252"] as const;
const DELIMITERS = [",", ";", "\t", "|", " "] as const;
const DELIMITER_NAMES = ["comma", "semicolon", "tab", "bar", "blanks"] as const;

// Those that are known, and what the file was found to have.
function choices(known: readonly string[], value: string, labelOf: (value: string) => string) {
  const all = known.includes(value) || value === "" ? known : [value, ...known];
  return all.map((each) => ({ value: each, label: labelOf(each) }));
}

function delimiterName(delimiter: string): string {
  const place = DELIMITERS.findIndex((each) => each === delimiter);
  return place < 0 ? delimiter : t(`imports.delimiter_${DELIMITER_NAMES[place]!}`);
}

function FormatOptions({ mapping, onMapping }: MappingOptionsProps) {
  const { format } = mapping;
  const value = (name: string) => String(format[name] ?? "");
  const change = (name: string) => (text: string) => onMapping(withFormat(mapping, name, text));
  const isText = value("format") !== "parquet";
  const isCsv = value("format") === "csv";

  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
      <Choice label={t("imports.fileFormat")} value={value("format")} onChange={change("format")}
              data={choices(FORMATS, value("format"), (each) =>
                (FORMATS as readonly string[]).includes(each)
                  ? t(`imports.format_${each as "csv"}`) : each)} />
      {isText && (
        <Choice label={t("imports.encoding")} value={value("encoding")}
                onChange={change("encoding")}
                data={choices(ENCODINGS, value("encoding"), (each) => each.toUpperCase())} />
      )}
      {isCsv && (
        <Choice label={t("imports.delimiter")} value={value("delimiter")}
                onChange={change("delimiter")}
                data={choices(DELIMITERS, value("delimiter"), delimiterName)} />
      )}
      {isCsv && (
        <Choice label={t("imports.header")} value={value("header")} onChange={change("header")}
                data={[{ value: "present", label: t("imports.headerPresent") },
                       { value: "absent", label: t("imports.headerAbsent") }]} />
      )}
    </SimpleGrid>
  );
}

interface FieldProps {
  label: string;
  description?: string;
  value: string;
  onChange: (value: string) => void;
}

// Typed text goes to the server when the typist rests.
function Words({ label, description, value, onChange }: FieldProps) {
  const [typed, setTyped] = useState(value);
  const [told, setTold] = useState(value);
  const tell = useDebouncedCallback(onChange, 600);

  if (value !== told) {
    setTold(value);
    setTyped(value);
  }
  return (
    <TextInput label={label} description={description} value={typed} inputWrapperOrder={ORDER}
               onChange={(event) => { setTyped(event.target.value); tell(event.target.value); }} />
  );
}

const ORDER: ("label" | "input" | "description" | "error")[] =
  ["label", "input", "description", "error"];

function Choice({ label, value, data, onChange }: FieldProps & {
  data: string[] | { value: string; label: string }[];
}) {
  return (
    <Select label={label} value={value} data={data} allowDeselect={false}
            onChange={(next) => next && onChange(next)} />
  );
}
