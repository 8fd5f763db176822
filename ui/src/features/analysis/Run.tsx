// SPDX-License-Identifier: Apache-2.0
// What pages of analyses that run as jobs have in common: the button, the progress, the warnings.
import { Alert, Button, List, Text } from "@mantine/core";
import { IconAlertTriangle, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { useMay } from "@/api/session";
import { FailureNote, JobProgress, Panel, useJob } from "@/components";

interface RunButtonProps {
  path: string; // of its runs
  words: string;
  onStart: (job: string) => void;
}

export function RunButton({ path, words, onStart }: RunButtonProps) {
  const run = useAction<undefined, { job_id: string }>(
    () => ({ method: "POST", path, body: {} }), { onDone: ({ job_id }) => onStart(job_id) });

  if (!useMay()("change_segments")) return null;
  return (
    <>
      <Button leftSection={<IconRefresh size={16} />} loading={run.isPending}
              onClick={() => run.mutate(undefined)}>
        {words}
      </Button>
      <FailureNote error={run.error} />
    </>
  );
}

// The new result is asked for once the job is done.
export function RunProgress({ id, onDone }: { id: string; onDone: () => unknown }) {
  const [isTold, setTold] = useState(false);
  const state = useJob(id).data?.state;

  if (state === "done" && !isTold) {
    setTold(true);
    void onDone();
  }
  return <Panel><JobProgress id={id} /></Panel>;
}

interface WarningsProps {
  title: string;
  warnings: readonly string[];
  otherwise?: string; // said when there are none
}

// When the result should not be trusted.
export function Warnings({ title, warnings, otherwise }: WarningsProps) {
  if (warnings.length === 0) return otherwise ? <Text size="sm">{otherwise}</Text> : null;
  return (
    <Alert icon={<IconAlertTriangle size={20} />} color="yellow" title={title}
           styles={{ title: { color: "var(--mantine-color-text)" } }}>
      <List size="sm" spacing={4}>
        {warnings.map((warning) => <List.Item key={warning}>{warning}</List.Item>)}
      </List>
    </Alert>
  );
}
