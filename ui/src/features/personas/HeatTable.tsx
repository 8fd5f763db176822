// SPDX-License-Identifier: Apache-2.0
// Counts in a grid, each coloured by its share of the row.
import { useComputedColorScheme } from "@mantine/core";
import type { Cell } from "@/api/client";
import { heat } from "@/features/selection/heat";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import classes from "./Matrix.module.css";
import type { Matrix } from "./personas";

interface HeatTableProps {
  matrix: Matrix;
  name: string; // of the grid
  caption: string;
  corner: string;
  rowName: (row: Cell) => string;
  columnName: (column: Cell) => string;
}

export function HeatTable({ matrix, name, caption, corner, rowName, columnName }: HeatTableProps) {
  return (
    <div className={classes.scroller} tabIndex={0} role="region"
         aria-label={t("common.scrollable", { name })}>
      <table className={classes.table}>
        <caption className="heard">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{corner}</th>
            {matrix.columns.map((column) => (
              <th key={String(column)} scope="col">{columnName(column)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.rows.map((row) => (
            <tr key={String(row)}>
              <th scope="row">{rowName(row)}</th>
              {matrix.columns.map((column) => (
                <HeatCell key={String(column)} count={matrix.count(row, column)}
                          share={matrix.count(row, column) / matrix.total(row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function HeatCell({ count, share }: { count: number; share: number }) {
  const format = useFormat();
  const scheme = useComputedColorScheme("light");

  if (count === 0) return <td aria-hidden />;
  return (
    <td className={classes.cell} style={heat(share, scheme)} title={format.share(share)}>
      {format.integer(count)}
    </td>
  );
}
