// SPDX-License-Identifier: Apache-2.0
// Planning a test: how many customers it takes, and what fewer or more of them would find.
import { Button, Group, NativeSelect, Paper, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router-dom";
import { useApi } from "@/api/queries";
import { Answer, Chart, DataTable, LoadingTable, Panel, StatTile } from "@/components";
import { figuresOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { SAMPLE_PATH, type SamplePlan } from "./experiments";
import { Words } from "./Words";

const usual = {
  measure: "share", baseline: "5", mean: "40", deviation: "60", effect: "10", per_day: "",
  groups: "2", outcomes: "1",
};
type Draft = typeof usual;
const names = Object.keys(usual) as (keyof Draft)[];

export function Planner() {
  const [search, setSearch] = useSearchParams();
  const asked = Object.fromEntries(
    names.map((name) => [name, search.get(name) ?? usual[name]])) as Draft;
  const { measure, baseline, mean, deviation, ...rest } = asked;
  const answer = useApi<SamplePlan>(
    SAMPLE_PATH, measure === "mean" ? { mean, deviation, ...rest } : { baseline, ...rest });
  const ask = (draft: Draft) => setSearch((former) => {
    const next = new URLSearchParams(former);
    names.forEach((name) =>
      draft[name] === usual[name] ? next.delete(name) : next.set(name, draft[name]));
    return next;
  }, { replace: true });

  return (
    <Stack gap="lg">
      <PlanForm asked={asked} onAsk={ask} />
      <Answer of={answer} loading={<LoadingTable rows={8} />}>
        {(plan) => <Planned plan={plan} />}
      </Answer>
    </Stack>
  );
}

function PlanForm({ asked, onAsk }: { asked: Draft; onAsk: (draft: Draft) => void }) {
  const [draft, setDraft] = useState(asked);
  const field = (name: keyof Draft, label: Key) => (
    <TextInput label={t(label)} value={draft[name]} inputMode="decimal"
               onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })} />
  );

  return (
    <Paper p="md" component="form"
           onSubmit={(event) => { event.preventDefault(); onAsk(draft); }}>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
          <NativeSelect label={t("experiments.measure")} value={draft.measure}
                        data={[{ value: "share", label: t("experiments.ofShare") },
                               { value: "mean", label: t("experiments.ofMean") }]}
                        onChange={(event) =>
                          setDraft({ ...draft, measure: event.currentTarget.value })} />
          {draft.measure === "mean"
            ? <>{field("mean", "experiments.mean")}{field("deviation", "experiments.deviation")}</>
            : field("baseline", "experiments.baseline")}
          {field("effect", "experiments.effect")}
          {field("per_day", "experiments.perDay")}
          {field("groups", "experiments.groups")}
          {field("outcomes", "experiments.outcomes")}
        </SimpleGrid>
        <Group><Button type="submit">{t("experiments.work")}</Button></Group>
      </Stack>
    </Paper>
  );
}

function Planned({ plan }: { plan: SamplePlan }) {
  const format = useFormat();
  const customers = figuresOf(plan.curve, "customers");
  const effects = figuresOf(plan.curve, "effect");
  const words = t("experiments.curveSummary", {
    each: format.integer(plan.each), effect: format.share(plan.effect),
  });

  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <StatTile label={t("experiments.each")} value={format.integer(plan.each)} />
        <StatTile label={t("experiments.all")} value={format.integer(plan.all)} />
        <StatTile label={t("experiments.found")} value={format.share(plan.effect)} />
        <StatTile label={t("experiments.days")}
                  value={plan.days === null ? "–" : format.integer(plan.days)} />
      </SimpleGrid>
      <Panel title={t("experiments.curve")} sentence={t("experiments.curveHint")}>
        <Chart height={320} summary={words}
               table={<DataTable table={plan.curve} name={t("experiments.curve")}
                                 maxHeight={360} />}
               option={{
                 grid: { left: 8, right: 24, top: 16, bottom: 32, containLabel: true },
                 tooltip: { trigger: "axis", valueFormatter: (value: unknown) =>
                   typeof value === "number" ? format.share(value) : "–" },
                 xAxis: { type: "log", name: t("experiments.each"), nameLocation: "middle",
                          nameGap: 28, min: "dataMin", max: "dataMax",
                          axisLabel: { hideOverlap: true,
                                       formatter: (value: number) => format.short(value) } },
                 yAxis: { type: "value", min: 0,
                          axisLabel: { formatter: (value: number) => format.share(value) } },
                 series: [{
                   type: "line", symbol: "none", name: t("experiments.found"),
                   data: customers.map((count, index) => [count, effects[index] ?? null]),
                   markPoint: { symbol: "circle", symbolSize: 12, label: { show: false },
                                data: [{ coord: [plan.each, plan.effect] }] },
                 }],
               }} />
      </Panel>
      <Words reading={plan.reading} warnings={plan.warnings} />
    </Stack>
  );
}
