// SPDX-License-Identifier: Apache-2.0
export const audit = {
  sentence: "Who did what, newest first. Records are only ever added.",
  intact: "The log is whole",
  intactHint: { one: "{count} record, its chain unbroken", other: "{count} records, their chain "
    + "unbroken: none was changed, left out or moved" },
  broken: "The log was tampered with or damaged",
} as const;
