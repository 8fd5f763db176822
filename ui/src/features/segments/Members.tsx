// SPDX-License-Identifier: Apache-2.0
// Who is in a segment, since when and why, a page at a time.
import { Group, Switch, Text } from "@mantine/core";
import { useState } from "react";
import { useTablePages } from "@/api/pages";
import { Answer, DataTable, EmptyState, LoadingTable, MoreButton } from "@/components";
import { useFormat } from "@/format";
import { known, t } from "@/i18n";
import { segmentPath } from "./segment";

export function Members({ name }: { name: string }) {
  const [why, setWhy] = useState(true);
  const pages = useTablePages(`${segmentPath(name)}/members`, { why }, { member: "members" });

  return (
    <Answer of={pages} loading={<LoadingTable />}>
      {(members) => members.rows.length === 0
        ? <EmptyState title={t("segments.noMembers")} sentence={t("segments.noMembersHint")} />
        : (
          <>
            <Group justify="flex-end" mb="xs">
              <Switch size="sm" label={t("segments.showWhy")} checked={why}
                      onChange={(event) => setWhy(event.currentTarget.checked)} />
            </Group>
            <DataTable table={members} name={t("segments.membersOf", { name })}
                       columns={{
                         customer: { isHidden: true },
                         number: { render: (number) => number ?? t("rfm.noNumber") },
                         since: { render: (at) => <Since at={String(at)} /> },
                         why: { render: (reasons) => <Why reasons={String(reasons ?? "")} /> },
                       }}
                       href={(row) => `/customers/${row.text("customer")}`} />
            <MoreButton of={pages} />
          </>
        )}
    </Answer>
  );
}

function Since({ at }: { at: string }) {
  return <span style={{ whiteSpace: "nowrap" }}>{useFormat().instant(at)}</span>;
}

// Reasons begin with the measure by its name in the API.
function labelOfMeasure(name: string): string {
  return known(`segments.sales_${name}`) ?? name;
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
