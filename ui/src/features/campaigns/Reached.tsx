// SPDX-License-Identifier: Apache-2.0
// Whom the draft would reach, and why not the others, counted anew when something it depends on
// changes.
import { Alert, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useAction } from "@/api/queries";
import { DataTable, FailureNote, Panel, StatTile } from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { CAMPAIGNS_PATH, type Audience, type Draft } from "./campaign";

const PATIENCE_MS = 400;

export function Reached({ draft }: { draft: Draft }) {
  const { segment, purpose, channel, hold_out: holdOut } = draft;
  const isKnown = segment !== "" && purpose.trim() !== "" && channel !== "";
  const { mutate, data, error, isPending } = useAction<object, Audience>(
    (body) => ({ method: "POST", path: `${CAMPAIGNS_PATH}/audience`, body }));

  useEffect(() => {
    if (!isKnown) return undefined;
    const timer = setTimeout(
      () => mutate({ name: "draft", segment, purpose, channel, hold_out: holdOut }), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isKnown, segment, purpose, channel, holdOut, mutate]);

  return (
    <Panel title={t("campaigns.reached")} sentence={t("campaigns.reachedHint")}>
      {!isKnown && <Text c="dimmed">{t("campaigns.reachedUnknown")}</Text>}
      {isKnown && error && <FailureNote error={error} />}
      {isKnown && isPending && !data && <Text c="dimmed">{t("campaigns.counting")}</Text>}
      {isKnown && !error && data && <Counted audience={data} budget={draft.budget} />}
    </Panel>
  );
}

function Counted({ audience, budget }: { audience: Audience; budget: number }) {
  const format = useFormat();
  const refused = audience.customers - audience.permitted;

  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <StatTile label={t("campaigns.members")} value={format.integer(audience.customers)} />
        <StatTile label={t("campaigns.permitted")} value={format.integer(audience.permitted)} />
        <StatTile label={t("campaigns.heldOut")} value={format.integer(audience.held_out)} />
        <StatTile label={t("campaigns.costs")}
                  value={format.amount(audience.cost, audience.currency)} />
      </SimpleGrid>
      {budget >= 0 && audience.cost > budget && (
        <Alert color="yellow" title={t("campaigns.overBudget")}
               styles={{ title: { color: "var(--mantine-color-text)" } }}>
          {t("campaigns.overBudgetHint", { budget: format.amount(budget, audience.currency) })}
        </Alert>
      )}
      {refused > 0 && (
        <>
          <Group><Text fw={600} size="sm">
            {t("campaigns.refusedCount", { count: refused })}
          </Text></Group>
          <DataTable table={audience.refused} name={t("campaigns.refused")} hasDownload={false}
                     columns={{ reason: { render: (value) => reasonOf(String(value)) } }} />
        </>
      )}
    </Stack>
  );
}

const REASONS = new Set([
  "no_customer", "no_address", "frequency_cap", "sent_twice", "without_content", "no_coupon",
  "stopped", "no_basis", "restricted", "objected", "withdrawn", "refused", "unconfirmed",
  "no_consent",
  "suppressed", "quiet_hours", "address", "mailbox", "content", "policy", "place",
]);

export function reasonOf(reason: string): string {
  return REASONS.has(reason) ? t(`campaigns.reason_${reason}` as Key) : reason;
}
