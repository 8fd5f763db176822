// SPDX-License-Identifier: Apache-2.0
// The name of a period in a table, on one line.
import { useFormat } from "@/format";
import { periodLabel } from "./columns";

export function PeriodName({ name }: { name: string }) {
  return <span style={{ whiteSpace: "nowrap" }}>{periodLabel(name, useFormat())}</span>;
}
