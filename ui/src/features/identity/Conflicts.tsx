// SPDX-License-Identifier: Apache-2.0
// What was kept apart, each with the customers at both ends and the decision about it.
import { Anchor, Button, Divider, Group, Modal, Stack, Text } from "@mantine/core";
import { Fragment, useState } from "react";
import { Link } from "react-router-dom";
import { useAction } from "@/api/queries";
import { textOf, type Record } from "@/api/records";
import { useMay } from "@/api/session";
import { FailureNote, notify } from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { GuardActions, WhyField } from "./GuardActions";
import { CONFLICTS_PATH, CUSTOMERS_PAGE, STALE, endWords, reasonWords } from "./identity";
import { JoinPreview } from "./Preview";

export function ConflictList({ rows }: { rows: readonly Record[] }) {
  return (
    <Stack gap="sm">
      {rows.map((row, place) => (
        <Fragment key={textOf(row, "id")}>
          {place > 0 && <Divider />}
          <Conflict row={row} />
        </Fragment>
      ))}
    </Stack>
  );
}

function Conflict({ row }: { row: Record }) {
  const format = useFormat();
  const isOfOne = row.identifier_a === row.identifier_b;

  return (
    <Group justify="space-between" align="flex-start" gap="xs">
      <div style={{ minWidth: 0, flex: "1 1 16rem" }}>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <End row={row} end="a" />
          {!isOfOne && <> – <End row={row} end="b" /></>}
        </Text>
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {[reasonWords(textOf(row, "reason")), textOf(row, "source"), textOf(row, "evidence"),
            format.instant(textOf(row, "at"))].filter(Boolean).join(" · ")}
        </Text>
        {row.decision !== null && (
          <Text size="xs" c="dimmed">
            {t("identity.decision")}: {t(`identity.${textOf(row, "decision")}` as Key)} ·{" "}
            {t("identity.undoneBy", { when: format.instant(textOf(row, "decided_at")),
                                      who: textOf(row, "decided_by") })}
          </Text>
        )}
      </div>
      {row.decision === null && (isOfOne
        ? <GuardActions identifier={textOf(row, "identifier_a")} words={endWords(row, "a")}
                        guard="tripped" />
        : <Decide row={row} />)}
    </Group>
  );
}

function End({ row, end }: { row: Record; end: "a" | "b" }) {
  return (
    <Anchor component={Link} to={`${CUSTOMERS_PAGE}/${textOf(row, `customer_${end}`)}/identity`}
            size="sm">
      {endWords(row, end)}
    </Anchor>
  );
}

function Decide({ row }: { row: Record }) {
  const may = useMay();
  const [isOpen, setIsOpen] = useState(false);

  if (!may("change_customers")) return null;
  return (
    <>
      <Button size="compact-xs" variant="default" onClick={() => setIsOpen(true)}
              aria-label={`${t("identity.decide")}: ${endWords(row, "a")} – ${endWords(row, "b")}`}>
        {t("identity.decide")}
      </Button>
      <Modal opened={isOpen} onClose={() => setIsOpen(false)} title={t("identity.decideTitle")}
             size="lg" closeButtonProps={{ "aria-label": t("common.close") }}>
        {isOpen && <Form row={row} onDone={() => setIsOpen(false)} />}
      </Modal>
    </>
  );
}

function Form({ row, onDone }: { row: Record; onDone: () => void }) {
  const [why, setWhy] = useState("");
  const [a, b] = [textOf(row, "customer_a"), textOf(row, "customer_b")];
  const decide = useAction<"joined" | "kept_apart">(
    (decision) => ({ method: "POST", path: `${CONFLICTS_PATH}/${textOf(row, "id")}/decision`,
                     body: { decision, why } }),
    { stale: STALE, onDone: () => { onDone(); notify(t("identity.decideDone")); } },
  );

  return (
    <Stack>
      <Text size="sm">
        {endWords(row, "a")} – {endWords(row, "b")}: {reasonWords(textOf(row, "reason"))}
      </Text>
      {a !== b && <JoinPreview customer={a} other={b} />}
      <WhyField value={why} onChange={setWhy} />
      <FailureNote error={decide.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" disabled={why.trim() === ""} loading={decide.isPending}
                onClick={() => decide.mutate("kept_apart")}>
          {t("identity.decideApart")}
        </Button>
        <Button disabled={why.trim() === ""} loading={decide.isPending}
                onClick={() => decide.mutate("joined")}>
          {t("identity.decideJoin")}
        </Button>
      </Group>
    </Stack>
  );
}
