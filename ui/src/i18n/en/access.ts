// SPDX-License-Identifier: Apache-2.0
export const access = {
  title: "Access",
} as const;
