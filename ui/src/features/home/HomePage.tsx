// SPDX-License-Identifier: Apache-2.0
// Home: the business's month at a glance, what needs a decision, what is running. Of an empty store
// the two ways to begin; of who may not read reports the way to a customer.
import { useState } from "react";
import { useMay, useSession } from "@/api/session";
import { Page, PageHeader } from "@/components";
import { t } from "@/i18n";
import { RunningPanel } from "../jobs/JobsPage";
import { Decisions } from "./Decisions";
import { FindFirst } from "./FindFirst";
import { FirstRun } from "./FirstRun";
import { Glance } from "./Glance";

export default function HomePage() {
  const may = useMay();
  const isEmpty = useSession().data?.is_empty ?? false;
  const [sampleJob, setSampleJob] = useState<string>();

  if ((isEmpty || sampleJob) && may("import"))
    return <FirstRun job={sampleJob} onStart={setSampleJob}
                     onDone={() => setSampleJob(undefined)} />;
  if (may("read_reports")) return <Glance />;
  return (
    <Page>
      <PageHeader title={t("shell.home")} />
      <FindFirst />
      {may("read_jobs") && <RunningPanel />}
      <Decisions />
    </Page>
  );
}
