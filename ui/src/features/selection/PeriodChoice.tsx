// SPDX-License-Identifier: Apache-2.0
// "the last 12 months (1 Jan 2011 – 9 Dec 2011)"; two days when none of the usual periods will do.
import { Text } from "@mantine/core";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { Choice, DayInput } from "./Choice";
import { presets, type Period, type Preset } from "./period";
import type { Selection } from "./useSelection";

export function PeriodChoice({ selection }: { selection: Selection }) {
  const { preset, period, change, span } = selection;
  const format = useFormat();

  function choose(wanted: Preset): void {
    if (wanted !== "custom") return change({ preset: wanted });
    const from = period.from ?? span?.first_day;
    const to = period.to ?? span?.last_day;
    change({ period: { ...(from ? { from } : {}), ...(to ? { to } : {}) } });
  }

  function setDay(name: keyof Period, day: string): void {
    const { [name]: _, ...others } = period;
    change({ period: day ? { ...others, [name]: day } : others });
  }

  return (
    <>
      <Choice name={t("selection.period")} value={preset} onChange={choose}
              options={presets.map((value) => ({ value, label: t(`selection.${value}`) }))} />
      {preset === "custom" && (
        <>
          {" "}
          <DayInput name={t("selection.from")} value={period.from}
                    onChange={(day) => setDay("from", day)} />
          {" – "}
          <DayInput name={t("selection.to")} value={period.to}
                    onChange={(day) => setDay("to", day)} />
        </>
      )}
      {preset !== "custom" && period.from && period.to && (
        <Text span c="dimmed" size="sm">
          {" "}({format.day(period.from)} – {format.day(period.to)})
        </Text>
      )}
    </>
  );
}
