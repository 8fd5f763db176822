// SPDX-License-Identifier: Apache-2.0
// The tags of all web sites.
import { IconTags } from "@tabler/icons-react";
import { useTable } from "@/api/queries";
import {
  Answer, DataTable, EmptyState, LoadingTable, Page, PageHeader, Panel,
} from "@/components";
import { t } from "@/i18n";
import { TAGS_PATH } from "./tag";

export default function TagsPage() {
  const tags = useTable(TAGS_PATH);

  return (
    <Page>
      <PageHeader title={t("shell.tags")} sentence={t("tags.sentence")} />
      <Panel>
        <Answer of={tags} loading={<LoadingTable rows={3} />}>
          {(table) => table.rows.length === 0
            ? <EmptyState icon={IconTags} title={t("tags.none")} sentence={t("tags.noneHint")} />
            : <DataTable table={table} name={t("shell.tags")} hasDownload={false}
                         href={(row) => `/plug/tags/${encodeURIComponent(row.text("source"))}`} />}
        </Answer>
      </Panel>
    </Page>
  );
}
