// SPDX-License-Identifier: Apache-2.0
// What shall be forecast: periods, how many, and by what beside the total.
import { Button, Group, MultiSelect, NumberInput, Select } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { useMay } from "@/api/session";
import { FailureNote } from "@/components";
import { humanised } from "@/format";
import { t } from "@/i18n";
import { RUNS_PATH } from "./forecast";

const HORIZON_MOST = 120;
const dimensions = ["store", "category", "country", "channel", "brand", "product"];
const metrics = [
  "revenue_gross", "revenue_net", "receipts", "units", "customers", "customers_new",
];

interface RunFormProps {
  isFirst: boolean; // nothing was forecast yet
  onStart: (job: string) => void;
}

export function RunForm({ isFirst, onStart }: RunFormProps) {
  const [grain, setGrain] = useState("auto");
  const [horizon, setHorizon] = useState<number | string>("");
  const [by, setBy] = useState(["store", "category"]);
  const [wanted, setWanted] = useState(["revenue_gross", "receipts", "customers"]);
  const run = useAction<undefined, { job_id: string }>(
    () => ({ method: "POST", path: RUNS_PATH, body: {
      grain, by: by.join(","), metrics: wanted.join(","),
      ...(typeof horizon === "number" ? { horizon } : {}),
    } }),
    { onDone: ({ job_id }) => onStart(job_id) });
  const named = (names: string[]) => names.map((name) => ({ value: name, label: humanised(name) }));

  if (!useMay()("change_segments")) return null;
  return (
    <>
      <Group align="flex-end" gap="sm">
        <Select label={t("forecast.grain")} w={150} allowDeselect={false} value={grain}
                onChange={(value) => setGrain(value ?? "auto")}
                data={[{ value: "auto", label: t("forecast.auto") },
                       { value: "day", label: t("forecast.day") },
                       { value: "week", label: t("forecast.week") },
                       { value: "month", label: t("forecast.month") }]} />
        <NumberInput label={t("forecast.horizon")} w={150} min={1} max={HORIZON_MOST}
                     allowDecimal={false} placeholder={t("forecast.usual")}
                     value={horizon} onChange={setHorizon} />
        <MultiSelect label={t("forecast.metrics")} miw={220} value={wanted} onChange={setWanted}
                     data={named(metrics)} />
        <MultiSelect label={t("forecast.by")} miw={220} value={by} onChange={setBy} maxValues={4}
                     data={named(dimensions)} />
        <Button leftSection={<IconRefresh size={16} />} loading={run.isPending}
                disabled={wanted.length === 0} onClick={() => run.mutate(undefined)}>
          {t(isFirst ? "forecast.run" : "forecast.runAgain")}
        </Button>
      </Group>
      <FailureNote error={run.error} />
    </>
  );
}
