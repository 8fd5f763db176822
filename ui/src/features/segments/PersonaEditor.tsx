// SPDX-License-Identifier: Apache-2.0
// A persona by its name; the condition keeps the number, which stays when a name is changed.
import { NativeSelect, NumberInput } from "@mantine/core";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { cardsOf, PERSONAS_PATH, type Personas } from "@/features/personas/personas";
import { t } from "@/i18n";
import classes from "./Builder.module.css";
import type { Scalar } from "./tree";

interface PersonaEditorProps {
  scalar: Scalar | undefined;
  set: (value: Scalar) => void;
}

export function PersonaEditor({ scalar, set }: PersonaEditorProps) {
  const found = useApi<Personas>(PERSONAS_PATH).data?.result;
  const names = useApi<Table>(`${PERSONAS_PATH}/names`).data;
  const cards = found ? cardsOf(found, names) : [];
  const isKnown = typeof scalar !== "number" || cards.some(({ number }) => number === scalar);

  if (cards.length === 0)
    return (
      <NumberInput size="xs" className={classes.short ?? ""} aria-label={t("segments.value")}
                   value={typeof scalar === "number" ? scalar : ""} allowDecimal={false} min={1}
                   onChange={(next) => { if (typeof next === "number") set(next); }} />
    );
  return (
    <NativeSelect size="xs" className={classes.text ?? ""} aria-label={t("segments.value")}
                  value={String(scalar ?? "")}
                  data={[
                    { value: "", label: t("segments.choosePersona") },
                    ...(isKnown ? [] : [{ value: String(scalar), label: String(scalar) }]),
                    ...cards.map(({ number, name }) => ({ value: String(number), label: name })),
                  ]}
                  onChange={(event) => {
                    if (event.currentTarget.value) set(Number(event.currentTarget.value));
                  }} />
  );
}
