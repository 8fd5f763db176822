// SPDX-License-Identifier: Apache-2.0
// An import that was just begun, until it is done; then its page.
import { Alert, Anchor, Button, Stack } from "@mantine/core";
import { useEffect } from "react";
import { Link, useNavigate } from "react-router-dom";
import { canResume } from "@/api/job";
import { JobProgress, Panel, useJob } from "@/components";
import { t } from "@/i18n";

export function RunningImport({ job }: { job: string }) {
  const { data } = useJob(job);
  const navigate = useNavigate();
  const id = data?.state === "done" ? data.result?.import_id : undefined;

  useEffect(() => {
    if (typeof id === "string") void navigate(`/plug/imports/${id}`, { replace: true });
  }, [id, navigate]);

  return (
    <Panel title={t("imports.runningTitle")} sentence={t("imports.runningSentence")}>
      <Stack>
        <JobProgress id={job} />
        {data && canResume(data.state) && (
          <Alert variant="light" color="gray">{t("imports.ended")}</Alert>
        )}
        {typeof id === "string" && (
          <Button component={Link} to={`/plug/imports/${id}`}>{t("imports.toImport")}</Button>
        )}
        <Anchor component={Link} to="/plug/imports" size="sm">{t("imports.all")}</Anchor>
      </Stack>
    </Panel>
  );
}
