// SPDX-License-Identifier: Apache-2.0
import { EmptyState, Page, PageHeader } from "@/components";
import { t } from "@/i18n";

export default function ImportPage() {
  return (
    <Page>
      <PageHeader title={t("shell.import")} />
      <EmptyState title={t("common.noRows")} />
    </Page>
  );
}
