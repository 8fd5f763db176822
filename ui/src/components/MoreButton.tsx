// SPDX-License-Identifier: Apache-2.0
// Under a list of useTablePages: fetches the next page, as long as there is one.
import { Button, Center } from "@mantine/core";
import type { TablePages } from "@/api/pages";
import { t } from "@/i18n";

export function MoreButton({ of }: { of: TablePages }) {
  if (!of.hasMore) return null;
  return (
    <Center mt="sm">
      <Button variant="default" loading={of.isLoadingMore} onClick={of.loadMore}>
        {t("common.more")}
      </Button>
    </Center>
  );
}
