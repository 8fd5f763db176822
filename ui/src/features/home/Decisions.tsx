// SPDX-License-Identifier: Apache-2.0
// What waits for somebody: sources that fell silent, rows in quarantine, jobs that did not come to
// their end. Nothing when
// all is well.
import { Anchor, List } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import type { Cell, Table } from "@/api/client";
import { JOBS_PATH } from "@/api/job";
import { useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import { Panel } from "@/components";
import { t } from "@/i18n";

const ORANGE = "var(--mantine-color-orange-filled)";

interface Decision {
  to: string;
  words: string;
}

function rowsOf(table: Table | undefined): Record<string, Cell>[] {
  return table?.rows.map((row) =>
    Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index] ?? null]))) ?? [];
}

function quarantineOf(table: Table | undefined): Decision[] {
  return rowsOf(table)
    .filter(({ quarantined, state }) => Number(quarantined) > 0 && state === "done")
    .map(({ id, file, quarantined }) => ({
      to: `/plug/imports/${id}`,
      words: t("home.quarantined", { count: Number(quarantined), file: String(file) }),
    }));
}

function jobsOf(table: Table | undefined): Decision[] {
  return rowsOf(table)
    .filter(({ state }) => state === "failed" || state === "interrupted")
    .map(({ id, title, state }) => ({
      to: `/plug/jobs/${id}`,
      words: t(state === "failed" ? "home.jobFailed" : "home.jobInterrupted", {
        title: String(title),
      }),
    }));
}

function silencesOf(table: Table | undefined): Decision[] {
  return rowsOf(table)
    .filter(({ state }) => state === "silent")
    .map(({ id, name }) => ({
      to: `/plug/sources/${id}`, words: t("home.silent", { name: String(name) }),
    }));
}

export function Decisions() {
  const may = useMay();
  const imports = useTable("/api/v1/imports", { limit: 20 }, { enabled: may("import") });
  const jobs = useTable(JOBS_PATH, { limit: 20 }, { enabled: may("control_jobs") });
  const sources = useTable("/api/v1/sources", {}, { enabled: may("manage_sources") });
  const decisions = [
    ...silencesOf(sources.data), ...quarantineOf(imports.data), ...jobsOf(jobs.data),
  ].slice(0, 5);

  if (decisions.length === 0) return null;
  return (
    <Panel title={t("home.decisions")}>
      <List size="sm" spacing={4} center icon={<IconInbox size={18} color={ORANGE} />}>
        {decisions.map(({ to, words }) => (
          <List.Item key={to}>
            <Anchor component={Link} to={to} size="sm">{words}</Anchor>
          </List.Item>
        ))}
      </List>
    </Panel>
  );
}
