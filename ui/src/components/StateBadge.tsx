// SPDX-License-Identifier: Apache-2.0
// The state of a job, an import or an account: a word with a colour that repeats it.
import { Badge } from "@mantine/core";

const COLOURS: Record<string, string> = {
  running: "tile", queued: "gray", done: "gray", failed: "red", interrupted: "orange",
  cancelled: "gray", active: "tile", invited: "blue", disabled: "gray", suspended: "orange",
};

export function StateBadge({ state, children }: { state: string; children?: string }) {
  const isLoud = state === "running" || state === "failed" || state === "interrupted";

  return (
    <Badge color={COLOURS[state] ?? "gray"} variant={isLoud ? "light" : "default"} tt="none"
           fw={500} miw="max-content" style={{ flexShrink: 0 }}
           {...(state === "interrupted" && { c: "var(--mantine-color-text)" })}>
      {children ?? state}
    </Badge>
  );
}
