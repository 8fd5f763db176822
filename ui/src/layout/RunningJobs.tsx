// SPDX-License-Identifier: Apache-2.0
// How many jobs run, in the head of every page; a click shows how far they are.
import { Anchor, Button, Divider, Popover, RingProgress, Stack, Text } from "@mantine/core";
import { Fragment } from "react";
import { Link } from "react-router-dom";
import type { Job } from "@/api/job";
import { useRunningJobs } from "@/api/live";
import { JobProgress } from "@/components";
import { t } from "@/i18n";

function shareOf(jobs: readonly Job[]): number {
  const known = jobs.filter(({ total }) => total > 0);
  const sum = known.reduce((all, { done, total }) => all + done / total, 0);
  return known.length > 0 ? (100 * sum) / known.length : 15;
}

export function RunningJobs() {
  const jobs = useRunningJobs();

  if (jobs.length === 0) return null;
  return (
    <Popover width={340} position="bottom-end" withArrow shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" size="compact-md" px={6}
                aria-label={t("shell.running", { count: jobs.length })}
                leftSection={<RingProgress size={24} thickness={4} roundCaps
                                           sections={[{ value: shareOf(jobs), color: "tile" }]} />}>
          {jobs.length}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text fw={600} size="sm">{t("shell.running", { count: jobs.length })}</Text>
          {jobs.map(({ id }) => (
            <Fragment key={id}>
              <Divider />
              <JobProgress id={id} />
            </Fragment>
          ))}
          <Anchor component={Link} to="/plug/jobs" size="sm">{t("jobs.all")}</Anchor>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
