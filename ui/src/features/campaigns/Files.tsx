// SPDX-License-Identifier: Apache-2.0
// The files that a campaign's channel made, to be taken away: letters for a printer, lists.
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTable } from "@/api/queries";
import { useMay } from "@/api/session";
import { DataTable, Panel } from "@/components";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { pathOf, type Campaign } from "./campaign";

const LOOK_AGAIN_MS = 5000;

export function Files({ campaign }: { campaign: Campaign }) {
  const may = useMay()("export");
  const path = `${pathOf(campaign.name)}/files`;
  const { data } = useTable(path, {}, {
    enabled: may, staleTime: 0,
    refetchInterval: campaign.state === "running" ? LOOK_AGAIN_MS : false,
  });
  const format = useFormat();

  if (!may || !data || data.rows.length === 0) return null;
  return (
    <Panel title={t("campaigns.files")} sentence={t("campaigns.filesHint")}>
      <DataTable table={data} name={t("campaigns.files")} hasDownload={false}
                 columns={{ bytes: { render: (value) => format.bytes(Number(value)) } }}
                 actions={(row) => (
                   <Button component="a" href={`${path}/${encodeURIComponent(row.text("name"))}`}
                           download size="compact-sm" variant="subtle"
                           leftSection={<IconDownload size={14} />}
                           aria-label={t("campaigns.fetchFile", { name: row.text("name") })}>
                     {t("campaigns.fetch")}
                   </Button>
                 )} />
    </Panel>
  );
}
