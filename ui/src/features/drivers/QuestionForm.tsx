// SPDX-License-Identifier: Apache-2.0
// "What goes with … of …?": the outcome, what it may go with, the days. Starts the job.
import {
  Button, Checkbox, Group, MultiSelect, NativeSelect, Paper, SimpleGrid, Stack, TextInput,
} from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { Table } from "@/api/client";
import { useAction } from "@/api/queries";
import { useMay } from "@/api/session";
import { FailureNote } from "@/components";
import { t } from "@/i18n";
import {
  bodyOf, fieldsOf, pairsOf, RUNS_PATH, type Question, type Unit,
} from "./drivers";

const DRIVERS_MOST = 12;
const usual: Record<Unit, Question> = {
  receipts: {
    of: "receipts", outcome: "spend", drivers: ["channel", "weekday", "known", "discount"],
    interplay: "", from: "", to: "", logarithm: false,
  },
  customers: {
    of: "customers", outcome: "spend", drivers: ["channel", "tenure", "recency", "discount"],
    interplay: "", from: "", to: "", logarithm: true,
  },
};

interface QuestionFormProps {
  fields: Table;
  onStart: (job: string) => void;
}

export function QuestionForm({ fields, onStart }: QuestionFormProps) {
  const [question, setQuestion] = useState<Question>(usual.receipts);
  const run = useAction<Question, { job_id: string }>(
    (asked) => ({ method: "POST", path: RUNS_PATH, body: bodyOf(asked) }),
    { onDone: ({ job_id }) => onStart(job_id) });
  const may = useMay()("change_segments");
  const drivers = fieldsOf(fields, question.of, "driver")
    .filter(({ value }) => value !== question.outcome);
  const chosen = drivers.filter(({ value }) => question.drivers.includes(value));
  const change = (part: Partial<Question>) => setQuestion({ ...question, ...part });

  return (
    <Paper p="md">
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          <NativeSelect label={t("drivers.of")} value={question.of}
                        data={[{ value: "receipts", label: t("drivers.receipts") },
                               { value: "customers", label: t("drivers.customers") }]}
                        onChange={(event) =>
                          setQuestion(usual[event.currentTarget.value as Unit])} />
          <NativeSelect label={t("drivers.outcome")} value={question.outcome}
                        data={fieldsOf(fields, question.of, "outcome")}
                        onChange={(event) => change({
                          outcome: event.currentTarget.value, interplay: "",
                          drivers: question.drivers
                            .filter((driver) => driver !== event.currentTarget.value),
                        })} />
          <NativeSelect label={t("drivers.interplay")} value={question.interplay}
                        data={[{ value: "", label: t("drivers.noInterplay") }, ...pairsOf(chosen)]}
                        onChange={(event) => change({ interplay: event.currentTarget.value })} />
        </SimpleGrid>
        <MultiSelect label={t("drivers.drivers")} value={question.drivers} data={drivers} searchable
                     description={t("drivers.driversHint")} maxValues={DRIVERS_MOST}
                     inputWrapperOrder={["label", "input", "description"]} hidePickedOptions
                     onChange={(values) => change({ drivers: values, interplay: "" })} />
        <Group align="end">
          <TextInput type="date" label={t("drivers.from")} value={question.from}
                     onChange={(event) => change({ from: event.currentTarget.value })} />
          <TextInput type="date" label={t("drivers.to")} value={question.to}
                     onChange={(event) => change({ to: event.currentTarget.value })} />
          <Checkbox label={t("drivers.logarithm")} checked={question.logarithm} pb={8}
                    onChange={(event) => change({ logarithm: event.currentTarget.checked })} />
          {may && (
            <Button leftSection={<IconSearch size={16} />} loading={run.isPending}
                    disabled={question.drivers.length === 0} onClick={() => run.mutate(question)}>
              {t("drivers.run")}
            </Button>
          )}
        </Group>
        <FailureNote error={run.error} />
      </Stack>
    </Paper>
  );
}
