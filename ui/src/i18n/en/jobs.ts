// SPDX-License-Identifier: Apache-2.0
export const jobs = {
  title: "Jobs",
  sentence: "Long work: imports, evaluations, exports. It goes on when you leave this page.",
  queued: "Queued",
  running: "Running",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
  interrupted: "Interrupted",
  failedTitle: "The job did not come to its end",
  doneOf: "{done} of {total} {unit}",
  rate: "{rate} a second",
  left: "{time} left",
  cancel: "Cancel",
  cancelling: "Stopping at the next safe point",
  resume: "Resume",
  all: "All jobs",
} as const;
