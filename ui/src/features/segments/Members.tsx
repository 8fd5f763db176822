// SPDX-License-Identifier: Apache-2.0
// Who is in a segment, since when and why, a page at a time.
import { Switch, Text } from "@mantine/core";
import { useState } from "react";
import type { Table } from "@/api/client";
import { DataTable, EmptyState } from "@/components";
import { MorePages, usePages } from "@/features/selection/MorePages";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { segmentPath } from "./segment";

const PAGE = 50;

interface MembersAnswer {
  size: number;
  members: Table;
  next?: string;
}

export function Members({ name }: { name: string }) {
  const [why, setWhy] = useState(true);
  const pages = usePages<MembersAnswer>(`${segmentPath(name)}/members`, { limit: PAGE, why });
  const nobody = (
    <EmptyState title={t("segments.noMembers")} sentence={t("segments.noMembersHint")} />
  );

  return (
    <MorePages of={pages} size={({ size }) => size} rows={({ members }) => members} empty={nobody}
               aside={
                 <Switch size="sm" label={t("segments.showWhy")} checked={why}
                         onChange={(event) => setWhy(event.currentTarget.checked)} />
               }>
      {(members) => (
        <DataTable table={members} name={t("segments.membersOf", { name })}
                   columns={{
                     customer: { isHidden: true },
                     number: { render: (number) => number ?? t("rfm.noNumber") },
                     since: { render: (at) => <Since at={String(at)} /> },
                     why: { render: (reasons) => <Why reasons={String(reasons ?? "")} /> },
                   }}
                   href={(row) => `/customers/${row.text("customer")}`} />
      )}
    </MorePages>
  );
}

function Since({ at }: { at: string }) {
  return <span style={{ whiteSpace: "nowrap" }}>{useFormat().instant(at)}</span>;
}

// Reasons begin with the measure by its name in the API.
function labelOfMeasure(name: string): string {
  const key = `segments.sales_${name}` as Key;
  const words = t(key);
  return words === key ? name : words;
}

function Why({ reasons }: { reasons: string }) {
  return (
    <div style={{ minWidth: "24rem" }}>
      {reasons.split("; ").map((reason, index) => (
        <Text key={index} size="sm">{reason.replace(/^[a-z_]+/, labelOfMeasure)}</Text>
      ))}
    </div>
  );
}
