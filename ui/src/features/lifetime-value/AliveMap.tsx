// SPDX-License-Identifier: Apache-2.0
// Who is still a customer: by how often they came back and how long ago they were there last.
import { useComputedColorScheme } from "@mantine/core";
import type { Table } from "@/api/client";
import { heat } from "@/features/selection/heat";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import classes from "./AliveMap.module.css";
import { aliveGrid, type AliveCell } from "./lifetimeValue";

export function AliveMap({ table }: { table: Table }) {
  const grid = aliveGrid(table);

  return (
    <div className={classes.scroller} tabIndex={0} role="region"
         aria-label={t("common.scrollable", { name: t("lifetimeValue.aliveMap") })}>
      <table className={classes.table}>
        <caption className="heard">{t("lifetimeValue.aliveCaption")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("lifetimeValue.repeats")}</th>
            {grid.weeks.map((weeks) => (
              <th key={weeks} scope="col">{t("lifetimeValue.weeks", { weeks })}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.repeats.map((repeats) => (
            <tr key={repeats}>
              <th scope="row">{repeats}</th>
              {grid.weeks.map((weeks) => (
                <Alive key={weeks} cell={grid.cell(repeats, weeks)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Alive({ cell }: { cell: AliveCell }) {
  const format = useFormat();
  const scheme = useComputedColorScheme("light");

  if (cell.alive === null) return <td aria-hidden />;
  return (
    <td className={classes.cell} style={heat(cell.alive, scheme)}
        title={t("lifetimeValue.aliveCell", { count: cell.customers })}>
      {format.share(cell.alive)}
    </td>
  );
}
