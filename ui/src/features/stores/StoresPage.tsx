// SPDX-License-Identifier: Apache-2.0
import { EmptyState, Page, PageHeader } from "@/components";
import { t } from "@/i18n";

export default function StoresPage() {
  return (
    <Page>
      <PageHeader title={t("shell.stores")} />
      <EmptyState title={t("common.noRows")} />
    </Page>
  );
}
