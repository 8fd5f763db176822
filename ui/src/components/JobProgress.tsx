// SPDX-License-Identifier: Apache-2.0
// How far a job is: stage, share, rate, time left, and cancelling it. Follows live events; asks now
// and then where the stream is broken. It may be left: the job goes on.
import { Anchor, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { Link } from "react-router-dom";
import { canResume, isUnderWay, JOBS_PATH, jobPath, type Job } from "@/api/job";
import { POLL_MS } from "@/api/live";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { Answer } from "./Answer";
import { FailureNote } from "./FailureNote";
import { StateBadge } from "./StateBadge";

export function useJob(id: string) {
  const job = useApi<Job>(jobPath(id), {}, { staleTime: POLL_MS });
  const isMoving = job.data !== undefined && isUnderWay(job.data.state);

  // Live events write into the same place; asking as well costs little and never stands still.
  useApi<Job>(jobPath(id), {}, { refetchInterval: isMoving ? POLL_MS : false });
  return job;
}

export interface JobProgressProps {
  id: string;
  hasTitle?: boolean; // false where the page already says what the job is
  isLink?: boolean; // the title leads to the job's page
}

export function JobProgress(props: JobProgressProps) {
  const job = useJob(props.id);

  return <Answer of={job}>{(data) => <JobState {...props} job={data} />}</Answer>;
}

function JobState({ job, hasTitle = true, isLink }: JobProgressProps & { job: Job }) {
  const share = shareOf(job);

  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        {hasTitle && (isLink
          ? <Anchor component={Link} to={`/plug/jobs/${job.id}`} fw={500} truncate>
              {job.title}
            </Anchor>
          : <Text fw={500} truncate>{job.title}</Text>)}
        <StateBadge state={job.state}>{t(`jobs.${job.state}`)}</StateBadge>
      </Group>
      {isUnderWay(job.state) && (
        <Progress value={share * 100} animated={job.total === 0} size="lg" aria-label={job.title} />
      )}
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" aria-live="polite"><Story job={job} /></Text>
        <JobButtons job={job} />
      </Group>
      <FailureNote error={job.state !== "cancelled" && job.error && errorOf(job)}
                   title={t("jobs.failedTitle")} />
    </Stack>
  );
}

function errorOf(job: Job): Error {
  const { message = "", hint = "" } = job.error ?? {};
  return new Error([message, hint].filter(Boolean).join(". "));
}

function shareOf(job: Job): number {
  if (job.total <= 0) return isUnderWay(job.state) ? 1 : 0;
  return Math.min(1, job.done / job.total);
}

// "importing, 12,000 of 72,422 lines, 23,000 a second, 3 s left".
function Story({ job }: { job: Job }) {
  const format = useFormat();
  const isDone = job.state === "done"; // whatever its last word on the way was
  const parts = isDone ? [] : [job.stage];

  if (job.total > 0 && !isDone)
    parts.push(t("jobs.doneOf", { done: job.done, total: job.total, unit: job.unit }));
  if (job.state === "running" && job.started_at && job.updated_at && job.done > 0) {
    const seconds = (Date.parse(job.updated_at) - Date.parse(job.started_at)) / 1000;
    const rate = job.done / Math.max(seconds, 0.001);
    if (seconds > 1) {
      parts.push(t("jobs.rate", { rate: Number(rate.toPrecision(2)) }));
      if (job.total > job.done)
        parts.push(t("jobs.left", { time: format.duration((job.total - job.done) / rate) }));
    }
  }
  return <>{parts.filter(Boolean).join(" · ")}</>;
}

export function JobButtons({ job }: { job: Job }) {
  const may = useMay();
  const cancel = useAction(
    () => ({ method: "POST", path: `${jobPath(job.id)}/cancel` }), { stale: [JOBS_PATH] });
  const resume = useAction(
    () => ({ method: "POST", path: `${jobPath(job.id)}/resume` }),
    { stale: [JOBS_PATH], onDone: () => cancel.reset() }, // it can be cancelled again
  );
  const button = { size: "compact-sm", variant: "default" } as const;

  if (!may("control_jobs")) return null;
  return (
    <Group gap="xs">
      {isUnderWay(job.state) && (
        <Button {...button} loading={cancel.isPending} disabled={cancel.isSuccess}
                onClick={() => cancel.mutate(undefined)}>
          {t(cancel.isSuccess ? "jobs.cancelling" : "jobs.cancel")}
        </Button>
      )}
      {canResume(job.state) && (
        <Button {...button} loading={resume.isPending} onClick={() => resume.mutate(undefined)}>
          {t("jobs.resume")}
        </Button>
      )}
      <FailureNote error={cancel.error ?? resume.error} />
    </Group>
  );
}
