// SPDX-License-Identifier: Apache-2.0
// When purchases or events count: ever, in the last days, or between two days.
import { NativeSelect, NumberInput, Text, TextInput } from "@mantine/core";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import classes from "./Builder.module.css";
import type { Window } from "./tree";
import type { PartProps } from "./ValueEditor";

type Kind = "ever" | "days" | "between";

function kindOf(window: Window | undefined): Kind {
  if (!window) return "ever";
  return window.days === undefined ? "between" : "days";
}

export function WindowEditor({ value, onChange }: PartProps) {
  const { window, ...others } = value;
  const kind = kindOf(window);
  const format = useFormat();
  const set = (next: Window | undefined) => onChange(next ? { ...others, window: next } : others);
  const usual: Record<Kind, Window | undefined> = {
    ever: undefined, days: { days: 90 }, between: { from: format.today() },
  };

  function setDay(name: "from" | "to", day: string): void {
    const { [name]: _, ...other } = window ?? {};
    set(day ? { ...other, [name]: day } : other);
  }

  return (
    <>
      <NativeSelect size="xs" aria-label={t("segments.when")} value={kind}
                    data={(["ever", "days", "between"] as const)
                      .map((each) => ({ value: each, label: t(`segments.when_${each}`) }))}
                    onChange={(event) => set(usual[event.currentTarget.value as Kind])} />
      {kind === "days" && (
        <>
          <NumberInput size="xs" w={80} aria-label={t("segments.days")} value={window?.days ?? 1}
                       min={1} max={100000} allowDecimal={false}
                       onChange={(days) => { if (typeof days === "number") set({ days }); }} />
          <Text size="xs">{t("segments.days")}</Text>
        </>
      )}
      {kind === "between" && (
        <>
          <TextInput type="date" size="xs" className={classes.short ?? ""}
                     aria-label={t("selection.from")} value={window?.from ?? ""}
                     onChange={(event) => setDay("from", event.currentTarget.value)} />
          <TextInput type="date" size="xs" className={classes.short ?? ""}
                     aria-label={t("selection.to")} value={window?.to ?? ""}
                     onChange={(event) => setDay("to", event.currentTarget.value)} />
        </>
      )}
    </>
  );
}
