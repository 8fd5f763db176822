// SPDX-License-Identifier: Apache-2.0
// "month", "quarter": what a report by periods is divided by.
import { Choice } from "@/features/selection/Choice";
import { t } from "@/i18n";
import { periodNames, type PeriodName } from "./sales";

export function ByChoice(props: { value: string; onChange: (value: string) => void }) {
  return (
    <Choice name={t("reports.by")} value={props.value as PeriodName} onChange={props.onChange}
            options={periodNames.map((value) => ({ value, label: t(`reports.${value}`) }))} />
  );
}
