// SPDX-License-Identifier: Apache-2.0
// Files that were made to be fetched, newest first.
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { useTable } from "@/api/queries";
import { Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel }
  from "@/components";
import { EXPORTS_PATH, exportAddress } from "@/features/segments/Exporting";
import { useFormat } from "@/format";
import { t } from "@/i18n";

export default function ExportsPage() {
  const exports = useTable(EXPORTS_PATH, { limit: 200 });
  const format = useFormat();

  return (
    <Page>
      <PageHeader title={t("shell.exports")} sentence={t("segments.exportsPurpose")} />
      <Answer of={exports} loading={<LoadingTable />}>
        {(table) => table.rows.length === 0
          ? (
            <EmptyState icon={IconDownload} title={t("segments.exportsNone")}
                        sentence={t("segments.exportsNoneHint")}>
              <Button component={Link} to="/analyze/segments" variant="default">
                {t("segments.toSegments")}
              </Button>
            </EmptyState>
          )
          : (
            <Panel>
              <DataTable table={table} name={t("shell.exports")} hasDownload={false}
                         columns={{
                           id: { isHidden: true },
                           bytes: { render: (bytes) => format.bytes(Number(bytes)) },
                         }}
                         actions={(row) => (
                           <Button component="a" href={exportAddress(row.text("id"))} download
                                   size="compact-sm" variant="subtle"
                                   leftSection={<IconDownload size={14} />}
                                   aria-label={`${t("segments.fetch")} ${row.text("name")}`}>
                             {t("segments.fetch")}
                           </Button>
                         )} />
            </Panel>
          )}
      </Answer>
    </Page>
  );
}
