// SPDX-License-Identifier: Apache-2.0
// Who moved, as a stream from the personas of before to those of now.
import type { ReactNode } from "react";
import type { Cell } from "@/api/client";
import { Chart } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { series } from "@/theme";
import { flowsOf, type Card, type Matrix } from "./personas";

interface MoveFlowProps {
  matrix: Matrix;
  cards: Card[];
  summary: string;
  table: ReactNode; // the same as a matrix
}

const NOBODY = "#9aa7b0";

export function MoveFlow({ matrix, cards, summary, table }: MoveFlowProps) {
  const format = useFormat();
  const places = new Map<Cell, number>(cards.map(({ number }, place) => [number, place]));
  const colour = (number: Cell) => {
    const place = places.get(number);
    return place === undefined ? NOBODY : series[place % series.length];
  };
  const name = (number: Cell, otherwise: string) =>
    cards[places.get(number) ?? -1]?.name ?? otherwise;
  const node = (side: "from" | "to", number: Cell) => ({
    name: `${side} ${String(number)}`, depth: side === "from" ? 0 : 1,
    itemStyle: { color: colour(number) },
    label: {
      position: side === "from" ? "right" as const : "left" as const,
      formatter: side === "from"
        ? name(number, t("personas.newcomers")) : name(number, t("personas.gone")),
    },
  });

  return (
    <Chart height={Math.max(260, 70 * Math.max(matrix.rows.length, matrix.columns.length))}
           summary={summary} table={table}
           option={{
             tooltip: {
               trigger: "item",
               formatter: ({ data, value }: { data: { words?: string }; value: number }) =>
                 data.words ?? t("personas.movesCell", { count: value }),
             },
             series: [{
               type: "sankey", left: 8, right: 8, top: 8, bottom: 8, nodeWidth: 14, nodeGap: 14,
               layoutIterations: 0, draggable: false, emphasis: { focus: "adjacency" },
               lineStyle: { color: "source", opacity: 0.35, curveness: 0.5 },
               data: [...matrix.rows.map((number) => node("from", number)),
                      ...matrix.columns.map((number) => node("to", number))],
               links: flowsOf(matrix).map(({ from, to, count }) => ({
                 source: `from ${String(from)}`, target: `to ${String(to)}`, value: count,
                 words: `${t("personas.movesCell", { count })}: ${format.share(
                   count / matrix.total(from))}`,
               })),
             }],
           }} />
  );
}
