// SPDX-License-Identifier: Apache-2.0
// The column that every page stands in. `width`: "wide" where people compare, "narrow" for forms.
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";

const WIDTHS = { wide: 1600, usual: 1200, narrow: 720 };

export function Page(props: { width?: keyof typeof WIDTHS; children: ReactNode }) {
  return (
    <Stack gap="lg" maw={WIDTHS[props.width ?? "usual"]} mx="auto" pb="xl">
      {props.children}
    </Stack>
  );
}
