// SPDX-License-Identifier: Apache-2.0
// Takes an import back, after saying with counts what goes.
import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useAction } from "@/api/queries";
import { useFormat } from "@/format";
import { ConfirmDestructive, JobProgress } from "@/components";
import { t } from "@/i18n";
import { countsOf, importPath, IMPORTS_PATH, type Import } from "./import";

export function UndoImport({ id, found }: { id: string; found: Import }) {
  const format = useFormat();
  const [isOpen, { open, close }] = useDisclosure();
  const [job, setJob] = useState<string>();
  const undo = useAction<void, { job_id: string }>(
    () => ({ method: "POST", path: `${importPath(id)}/undo` }),
    { stale: [IMPORTS_PATH], onDone: (answer) => { setJob(answer.job_id); close(); } },
  );
  const gone = countsOf(found.counts)
    .filter(({ name }) => name.endsWith("_created") || name === "lines_added")
    .map(({ label, count }) => `${label.toLowerCase()}: ${format.integer(count)}`);

  if (job) return <JobProgress id={job} />;
  return (
    <>
      <Button variant="default" onClick={open}>{t("imports.undo")}</Button>
      <ConfirmDestructive isOpen={isOpen} title={t("imports.undoTitle")}
                          deed={t("imports.undoDeed")} isBusy={undo.isPending} error={undo.error}
                          onClose={close} onConfirm={() => undo.mutate(undefined)}>
        {t("imports.undoSentence", { what: gone.join(", ") || t("imports.undoNothing") })}
      </ConfirmDestructive>
    </>
  );
}
