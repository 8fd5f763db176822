// SPDX-License-Identifier: Apache-2.0
// Micro-segments: personas crossed with something else that is known of customers.
import { Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, LoadingTable, Panel } from "@/components";
import { valuesOf } from "@/features/selection/columns";
import { t } from "@/i18n";
import { HeatTable } from "./HeatTable";
import { matrixOf, PERSONAS_PATH, type Card } from "./personas";

const choices = ["channel", "sale_country", "country", "city", "gender"] as const;
type By = (typeof choices)[number];

export function Crossing({ cards }: { cards: Card[] }) {
  const [by, setBy] = useState<By>("sale_country");
  const answer = useApi<{ crossing: Table }>(`${PERSONAS_PATH}/crossing`, { by });

  return (
    <Panel title={t("personas.crossing")} sentence={t("personas.crossingHint")}>
      <Stack gap="sm">
        <Select label={t("personas.by")} value={by} allowDeselect={false} maw={280}
                data={choices.map((value) => ({ value, label: t(`personas.by_${value}`) }))}
                onChange={(value) => { if (value) setBy(value as By); }} />
        <Answer of={answer} loading={<LoadingTable rows={4} />}>
          {({ crossing }) => <Crossed table={crossing} cards={cards} by={by} />}
        </Answer>
      </Stack>
    </Panel>
  );
}

function Crossed({ table, cards, by }: { table: Table; cards: Card[]; by: By }) {
  const values = [...new Set(valuesOf(table, "value"))];
  const matrix = matrixOf(table, values, cards.map(({ number }) => number));
  const names = new Map(cards.map(({ number, name }) => [number, name]));

  if (values.every((value) => value === ""))
    return <Text size="sm">{t("personas.nothingKnown")}</Text>;
  return (
    <HeatTable matrix={matrix} name={t("personas.crossing")} corner={t(`personas.by_${by}`)}
               caption={t("personas.crossingCaption", { by: t(`personas.by_${by}`) })}
               rowName={(value) => (value ? String(value) : t("personas.unknown"))}
               columnName={(number) => names.get(Number(number)) ?? String(number)} />
  );
}
