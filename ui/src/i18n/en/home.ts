// SPDX-License-Identifier: Apache-2.0
export const home = {
  title: "Home",
} as const;
