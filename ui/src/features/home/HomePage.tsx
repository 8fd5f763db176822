// SPDX-License-Identifier: Apache-2.0
import { EmptyState, Page, PageHeader } from "@/components";
import { t } from "@/i18n";

export default function HomePage() {
  return (
    <Page>
      <PageHeader title={t("shell.home")} />
      <EmptyState title={t("common.noRows")} />
    </Page>
  );
}
