// SPDX-License-Identifier: Apache-2.0
import type { JobState } from "@/api/job";
import { StateBadge } from "@/components";
import { t } from "@/i18n";

const STATES: readonly JobState[] =
  ["queued", "running", "done", "failed", "cancelled", "interrupted"];

export function JobBadge({ state }: { state: string }) {
  const known = STATES.find((each) => each === state);
  return <StateBadge state={state}>{known ? t(`jobs.${known}`) : state}</StateBadge>;
}
