// SPDX-License-Identifier: Apache-2.0
// How it was computed, with the tests that a data scientist asks for.
import { Stack } from "@mantine/core";
import { DataTable, Facts, Panel } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import type { DriversResult } from "./drivers";

export function Computation({ result }: { result: DriversResult }) {
  const format = useFormat();
  const write = (value: number | null, digits = 3) =>
    (value === null ? "–" : format.number(value, digits));
  const test = (value: number | null, p: number | null) =>
    t("drivers.test", { value: write(value), p: p === null ? "–" : p.toPrecision(2) });

  return (
    <Panel title={t("drivers.computed")} sentence={t("drivers.computedHint")}>
      <Stack gap="md">
        <Facts facts={[
          { label: t("drivers.adjusted"), value: write(result.adjusted_r_squared, 4) },
          { label: "F", value: test(result.f, result.f_p) },
          { label: t("drivers.deviation"), value: write(result.residual_deviation) },
          { label: "AIC · BIC", value: `${write(result.aic, 1)} · ${write(result.bic, 1)}` },
          { label: t("drivers.breuschPagan"),
            value: test(result.breusch_pagan, result.breusch_pagan_p) },
          { label: t("drivers.durbinWatson"), value: write(result.durbin_watson) },
          { label: t("drivers.jarqueBera"), value: test(result.jarque_bera, result.jarque_bera_p) },
          { label: t("drivers.shape"),
            value: `${write(result.skewness, 2)} · ${write(result.kurtosis, 2)}` },
          { label: t("drivers.condition"),
            value: `${write(result.scaled_condition, 1)} (${write(result.condition, 1)})` },
          { label: t("drivers.highestLeverage"), value: write(result.highest_leverage) },
          { label: t("drivers.highestCook"), value: write(result.highest_cook) },
          { label: t("drivers.counts"), note: t("drivers.countsNote"),
            value: [result.outlying_rows, result.leverage_rows, result.influential_rows]
              .map((count) => format.integer(count)).join(" · ") },
        ]} />
        <DataTable table={result.coefficients} name={t("drivers.coefficients")} maxHeight={480} />
      </Stack>
    </Panel>
  );
}
