// SPDX-License-Identifier: Apache-2.0
// The mapping that an import was made with.
import { Facts, Panel, type Fact } from "@/components";
import { t } from "@/i18n";
import type { Mapping } from "./mapping";

export function MappingShown({ mapping }: { mapping: unknown }) {
  const { fields, constants, attributes, left_out: leftOut } = mapping as Mapping;
  const facts: Fact[] = [
    ...Object.entries(fields).map(([label, columns]) => ({
      label, value: Array.isArray(columns) ? columns.join(" + ") : columns,
    })),
    ...Object.entries(constants).map(([label, value]) => ({ label, value: `“${value}”` })),
    { label: t("imports.attribute"), value: attributes.join(", ") },
    { label: t("imports.leftOut"), value: leftOut?.join(", ") },
  ];

  return <Panel title={t("imports.mapping")}><Facts facts={facts} /></Panel>;
}
