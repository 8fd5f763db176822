// SPDX-License-Identifier: Apache-2.0
// What came of a campaign: what it changed beside the hold-out first, then what was sent, refused
// and answered.
import { Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { useAction, useApi, useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import { Answer, DataTable, FailureNote, LoadingTable, Panel, StatTile } from "@/components";
import { outcomesOf } from "@/features/experiments/experiments";
import { Intervals } from "@/features/experiments/Intervals";
import { Words } from "@/features/experiments/Words";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { CAMPAIGNS_PATH, pathOf, type Campaign, type Result } from "./campaign";
import { reasonOf } from "./Reached";

const LOOK_AGAIN_MS = 5000;

export function Results({ campaign }: { campaign: Campaign }) {
  const result = useApi<Result>(`${pathOf(campaign.name)}/result`, {},
    { refetchInterval: campaign.state === "running" ? LOOK_AGAIN_MS : false, staleTime: 0 });

  return (
    <Answer of={result} loading={<LoadingTable rows={8} />}>
      {(found) => (
        <Stack gap="lg">
          {campaign.state !== "imported" && <Earned result={found} />}
          {found.comparison && <Compared comparison={found.comparison} />}
          {found.counts.rows.length > 0 && <Sent result={found} />}
          <Unknown campaign={campaign} />
        </Stack>
      )}
    </Answer>
  );
}

function Earned({ result }: { result: Result }) {
  const format = useFormat();
  const money = (value: number | null) =>
    value === null ? "–" : format.amount(value, result.currency);

  return (
    <Panel title={t("campaigns.earned")}
           sentence={result.uplift === null ? t("campaigns.noHoldOut") : t("campaigns.earnedHint")}>
      <SimpleGrid cols={{ base: 2, md: 4 }}>
        <StatTile label={t("campaigns.uplift")} value={money(result.uplift)}
                  note={result.uplift !== null && t("campaigns.between", {
                    low: money(result.uplift_low), high: money(result.uplift_high),
                  })} />
        <StatTile label={t("campaigns.upliftMargin")} value={money(result.uplift_margin)} />
        <StatTile label={t("campaigns.cost")} value={money(result.cost)} />
        <StatTile label={t("campaigns.left")} value={money(result.earned)} />
      </SimpleGrid>
      {result.is_distinguishable !== null && (
        <Text size="sm" mt="sm" fw={600}>
          {t(result.is_distinguishable ? "campaigns.distinguishable" : "campaigns.nothing")}
        </Text>
      )}
    </Panel>
  );
}

function Compared({ comparison }: { comparison: NonNullable<Result["comparison"]> }) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, lg: 3 }} spacing="lg">
        {outcomesOf(comparison.differences).map((outcome) => (
          <Panel key={outcome.name} title={outcome.name}
                 sentence={t(outcome.measure === "share"
                   ? "experiments.sharePicture" : "experiments.meanPicture")}>
            <Intervals outcome={outcome} />
          </Panel>
        ))}
      </SimpleGrid>
      <Words reading={comparison.reading} warnings={comparison.warnings} />
      <Panel title={t("experiments.arms")}>
        <DataTable table={comparison.arms} name={t("experiments.arms")} />
      </Panel>
      <Panel title={t("experiments.numbers")}>
        <DataTable table={comparison.differences} name={t("experiments.numbers")} maxHeight={420} />
      </Panel>
    </>
  );
}

const COUNT_COLUMNS = {
  state: { render: (value: unknown) => t(`campaigns.message_${String(value)}` as Key) },
  reason: { render: (value: unknown) => reasonOf(String(value)) },
};

function Sent({ result }: { result: Result }) {
  return (
    <>
      <Panel title={t("campaigns.counts")} sentence={t("campaigns.countsHint")}>
        <DataTable table={result.counts} name={t("campaigns.counts")} columns={COUNT_COLUMNS} />
      </Panel>
      <Panel title={t("campaigns.answers")} sentence={t("campaigns.answersHint")}>
        <DataTable table={result.answers} name={t("campaigns.answers")} />
      </Panel>
    </>
  );
}

// What was started and has no outcome: only a person may decide to send it again.
function Unknown({ campaign }: { campaign: Campaign }) {
  const may = useMay();
  const path = `${pathOf(campaign.name)}/messages`;
  const messages = useTable(path, { state: "unknown", limit: 100 },
    { enabled: may("read_customers") });
  const resend = useAction<string>(
    (id) => ({ method: "POST", path: `${path}/${id}/resend` }), { stale: [CAMPAIGNS_PATH] });

  if (!messages.data || messages.data.rows.length === 0) return null;
  return (
    <Panel title={t("campaigns.unknown")} sentence={t("campaigns.unknownHint")}>
      <DataTable table={messages.data} name={t("campaigns.unknown")}
                 order={["customer", "arm", "started_at", "tries", "detail"]}
                 href={(row) => `/customers/${row.text("customer")}`}
                 actions={(row) => may("change_campaigns") && (
                   <Button size="compact-sm" variant="default"
                           loading={resend.isPending && resend.variables === row.text("id")}
                           onClick={() => resend.mutate(row.text("id"))}>
                     {t("campaigns.resend")}
                   </Button>
                 )} />
      <FailureNote error={resend.error} />
    </Panel>
  );
}
