// SPDX-License-Identifier: Apache-2.0
// By what customers shall be grouped: features, the days that count, the method, how many groups.
import { Button, Group, MultiSelect, NumberInput, Select } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { useMay } from "@/api/session";
import { FailureNote } from "@/components";
import { t } from "@/i18n";
import { RUNS_PATH } from "./personas";

const MOST = 20;
const features = [
  "recency", "receipts", "spend", "average_receipt", "lines", "tenure", "discount_share",
  "return_share", "channels", "categories",
] as const;
const windows = ["0", "90", "180", "365", "730"] as const;

interface RunFormProps {
  isFirst: boolean; // nobody was grouped yet
  onStart: (job: string) => void;
}

export function RunForm({ isFirst, onStart }: RunFormProps) {
  const [wanted, setWanted] = useState<string[]>(["recency", "receipts", "spend"]);
  const [days, setDays] = useState("0");
  const [method, setMethod] = useState("k_means");
  const [count, setCount] = useState<number | string>("");
  const run = useAction<undefined, { job_id: string }>(
    () => ({ method: "POST", path: RUNS_PATH, body: {
      features: wanted.join(","), window_days: Number(days), method,
      ...(typeof count === "number" ? { personas: count } : {}),
    } }),
    { onDone: ({ job_id }) => onStart(job_id) });

  if (!useMay()("change_segments")) return null;
  return (
    <>
      <Group align="flex-end" gap="sm">
        <MultiSelect label={t("personas.features")} miw={280} maw={520} value={wanted}
                     onChange={setWanted}
                     data={features.map((name) => (
                       { value: name, label: t(`personas.feature_${name}`) }))} />
        <Select label={t("personas.window")} w={190} allowDeselect={false} value={days}
                onChange={(value) => setDays(value ?? "0")}
                data={windows.map((value) => ({
                  value, label: value === "0"
                    ? t("personas.windowAll") : t("personas.windowDays", { days: value }),
                }))} />
        <Select label={t("personas.method")} w={190} allowDeselect={false} value={method}
                onChange={(value) => setMethod(value ?? "k_means")}
                data={[{ value: "k_means", label: t("personas.method_k_means") },
                       { value: "gaussian_mixture",
                         label: t("personas.method_gaussian_mixture") }]} />
        <NumberInput label={t("personas.wanted")} w={150} min={1} max={MOST} allowDecimal={false}
                     placeholder={t("personas.chosen")} value={count} onChange={setCount} />
        <Button leftSection={<IconRefresh size={16} />} loading={run.isPending}
                disabled={wanted.length === 0} onClick={() => run.mutate(undefined)}>
          {t(isFirst ? "personas.run" : "personas.runAgain")}
        </Button>
      </Group>
      <FailureNote error={run.error} />
    </>
  );
}
