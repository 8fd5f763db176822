// SPDX-License-Identifier: Apache-2.0
import { EmptyState, Page, PageHeader } from "@/components";
import { t } from "@/i18n";

export default function AuditPage() {
  return (
    <Page>
      <PageHeader title={t("shell.audit")} />
      <EmptyState title={t("common.noRows")} />
    </Page>
  );
}
