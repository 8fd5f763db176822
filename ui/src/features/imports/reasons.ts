// SPDX-License-Identifier: Apache-2.0
// How the summary of refused rows is shown: reason, field, rows, where it begins, an example.
import type { DataTableProps } from "@/components";
import { t } from "@/i18n";

// "bad_date" is a code of the server: its words are the example's.
export function reasonWords(reason: string): string {
  return reason.replaceAll("_", " ");
}

export const reasonColumns: Pick<DataTableProps, "columns"> = {
  columns: { reason: { render: (value) => reasonWords(String(value ?? t("common.none"))) } },
};
