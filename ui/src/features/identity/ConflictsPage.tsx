// SPDX-License-Identifier: Apache-2.0
// Everything that was kept apart and waits for a decision, and the identifiers that were stopped.
import { Anchor, Badge, Divider, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconArrowsSplit } from "@tabler/icons-react";
import { Fragment } from "react";
import { Link } from "react-router-dom";
import { useTablePages } from "@/api/pages";
import { recordsOf, textOf, type Record } from "@/api/records";
import {
  Answer, EmptyState, MoreButton, Page, PageHeader, Panel, useAddressState,
} from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { ConflictList } from "./Conflicts";
import { GuardActions } from "./GuardActions";
import { CONFLICTS_PATH, CUSTOMERS_PAGE, GUARDS_PATH, identifierWords } from "./identity";

export default function ConflictsPage() {
  return (
    <Page>
      <PageHeader title={t("identity.conflicts")} sentence={t("identity.conflictsSentence")} />
      <Guards />
      <Conflicts />
    </Page>
  );
}

function Guards() {
  const guards = useTablePages(GUARDS_PATH);

  return (
    <Panel title={t("identity.guards")} sentence={t("identity.guardsSentence")}>
      <Answer of={guards}>
        {(table) => table.rows.length === 0
          ? <Text size="sm" c="dimmed">{t("identity.guardsNone")}</Text>
          : (
            <Stack gap="sm">
              {recordsOf(table).map((row, place) => (
                <Fragment key={textOf(row, "identifier")}>
                  {place > 0 && <Divider />}
                  <Guard row={row} />
                </Fragment>
              ))}
            </Stack>
          )}
      </Answer>
      <MoreButton of={guards} />
    </Panel>
  );
}

function Guard({ row }: { row: Record }) {
  const format = useFormat();
  const guard = textOf(row, "guard");

  return (
    <Group justify="space-between" align="flex-start" gap="xs">
      <div style={{ minWidth: 0, flex: "1 1 14rem" }}>
        <Group gap="xs">
          <Anchor component={Link} size="sm"
                  to={`${CUSTOMERS_PAGE}/${textOf(row, "customer")}/identity`}>
            {identifierWords(row)}
          </Anchor>
          <Badge color={guard === "released" ? "gray" : "red"} variant="light" tt="none" fw={500}>
            {t(`identity.${guard}` as Key)}
          </Badge>
        </Group>
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {[textOf(row, "why"), textOf(row, "decided_by"), format.instant(textOf(row, "at"))]
            .filter(Boolean).join(" · ")}
        </Text>
      </div>
      <GuardActions identifier={textOf(row, "identifier")} words={identifierWords(row)}
                    guard={guard} />
    </Group>
  );
}

function Conflicts() {
  const [state, setState] = useAddressState("state");
  const conflicts = useTablePages(CONFLICTS_PATH, { state: state || "open" });

  return (
    <Panel title={t("identity.keptApart")} aside={
      <SegmentedControl size="xs" aria-label={t("identity.state")} value={state || "open"}
                        onChange={(value) => setState(value === "open" ? "" : value)}
                        data={[{ value: "open", label: t("identity.open_") },
                               { value: "decided", label: t("identity.decided") },
                               { value: "all", label: t("identity.all") }]} />}>
      <Answer of={conflicts}>
        {(table) => table.rows.length === 0
          ? <EmptyState icon={IconArrowsSplit} title={t("identity.conflictsNone")}
                        sentence={t("identity.conflictsNoneHint")} />
          : <ConflictList rows={recordsOf(table)} />}
      </Answer>
      <MoreButton of={conflicts} />
    </Panel>
  );
}
