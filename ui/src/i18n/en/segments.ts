// SPDX-License-Identifier: Apache-2.0
export const segments = { title: "Segments" } as const;
