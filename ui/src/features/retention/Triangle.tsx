// SPDX-License-Identifier: Apache-2.0
// Cohorts by months since: a table whose cells are coloured by the share that came back.
import { useComputedColorScheme } from "@mantine/core";
import { heat } from "@/features/selection/heat";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { CohortRow } from "./retention";
import classes from "./Triangle.module.css";

export type Unit = "percent" | "customers";

export function Triangle({ rows, unit }: { rows: readonly CohortRow[]; unit: Unit }) {
  const format = useFormat();
  const months = rows[0]?.counts.length ?? 0;
  const best = Math.max(0.01, ...rows.flatMap(({ shares }) =>
    shares.slice(1).filter((share): share is number => share !== null)));

  return (
    <div className={classes.scroller} tabIndex={0} role="region"
         aria-label={t("common.scrollable", { name: t("shell.reportCohorts") })}>
      <table className={classes.table}>
        <caption className="heard">{t("retention.caption")}</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.first}>{t("retention.cohort")}</th>
            <th scope="col">{t("reports.customers")}</th>
            {Array.from({ length: months }, (_, month) => (
              <th key={month} scope="col">{month}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name}>
              <th scope="row" className={classes.first}>{format.month(row.name)}</th>
              <td className={classes.size}>{format.integer(row.customers)}</td>
              {row.shares.map((share, month) => (
                <TriangleCell key={month} share={share} count={row.counts[month] ?? null}
                              unit={unit} best={best} isBase={month === 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TriangleCellProps {
  share: number | null;
  count: number | null;
  unit: Unit;
  best: number;
  isBase: boolean;
}

function TriangleCell({ share, count, unit, best, isBase }: TriangleCellProps) {
  const format = useFormat();
  const scheme = useComputedColorScheme("light");

  if (count === null || share === null) return <td aria-hidden />;
  return (
    <td className={classes.cell} style={isBase ? undefined : heat(share / best, scheme)}
        title={t("retention.cell", { count, share: format.share(share) })}>
      {unit === "percent" ? format.share(share) : format.integer(count)}
    </td>
  );
}
