// SPDX-License-Identifier: Apache-2.0
// The 25 cells of recency by frequency, each a button that chooses its group. Colours follow the
// chosen measure, words say the same.
import { Text, useComputedColorScheme } from "@mantine/core";
import { heat } from "@/features/selection/heat";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import classes from "./HeatMap.module.css";
import { SCORES, type GridCell } from "./rfm";

export type Measure = "customers" | "revenue";

export interface HeatMapProps {
  cells: readonly GridCell[];
  measure: Measure;
  unit: string | undefined; // of revenue
  chosen: string | undefined; // a group
  onChoose: (group: string) => void;
}

export function HeatMap(props: HeatMapProps) {
  const largest = Math.max(1, ...props.cells.map((cell) => cell[props.measure]));

  return (
    <div className={classes.frame}>
      <Text size="sm" c="dimmed" className={classes.up}>{t("rfm.recencyAxis")}</Text>
      <div className={classes.grid} role="group" aria-label={t("rfm.map")}>
        {[...SCORES].reverse().map((recency) => (
          <Row key={recency} {...props} recency={recency} largest={largest} />
        ))}
        <span />
        {SCORES.map((frequency) => (
          <Text key={frequency} size="sm" c="dimmed" ta="center">F {frequency}</Text>
        ))}
      </div>
      <Text size="sm" c="dimmed" ta="center">{t("rfm.frequencyAxis")}</Text>
    </div>
  );
}

function Row({ cells, recency, ...others }: HeatMapProps & { recency: number; largest: number }) {
  return (
    <>
      <Text size="sm" c="dimmed" className={classes.head}>R {recency}</Text>
      {SCORES.map((frequency) => {
        const cell = cells.find((each) =>
          each.recency === recency && each.frequency === frequency);
        return cell
          ? <HeatCell key={frequency} cell={cell} {...others} /> : <span key={frequency} />;
      })}
    </>
  );
}

function HeatCell({ cell, measure, unit, largest, chosen, onChoose }:
                  Omit<HeatMapProps, "cells"> & { cell: GridCell; largest: number }) {
  const format = useFormat();
  const scheme = useComputedColorScheme("light");
  const value = measure === "customers"
    ? format.integer(cell.customers) : format.short(cell.revenue);

  return (
    <button type="button" className={classes.cell} aria-pressed={chosen === cell.group}
            style={heat(Math.sqrt(cell[measure] / largest), scheme)}
            onClick={() => onChoose(cell.group)}>
      <span className="heard">
        {t("rfm.cellPlace", { recency: cell.recency, frequency: cell.frequency })}
      </span>
      <span className={classes.value}>{value}</span>
      <span className={classes.group}>{cell.group}</span>
      <span className="heard">
        {t("rfm.cellAlso", {
          customers: cell.customers, revenue: format.amount(cell.revenue, unit),
        })}
      </span>
    </button>
  );
}
