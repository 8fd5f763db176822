// SPDX-License-Identifier: Apache-2.0
// Grey shapes where something will stand, so that the page does not jump when it comes.
import { SimpleGrid, Skeleton, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { t } from "@/i18n";

function Waiting(props: { children: ReactNode }) {
  return (
    <div role="status" aria-busy>
      <span className="heard">{t("common.loading")}</span>
      {props.children}
    </div>
  );
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

export function LoadingLines({ count = 4 }: { count?: number }) {
  return (
    <Waiting>
      <Stack gap="sm">
        {numbers(count).map((each) => (
          <Skeleton key={each} height={14} width={each === count - 1 ? "60%" : "100%"} />
        ))}
      </Stack>
    </Waiting>
  );
}

export function LoadingTable({ rows = 8 }: { rows?: number }) {
  return (
    <Waiting>
      <Stack gap={6}>
        {numbers(rows).map((each) => <Skeleton key={each} height={30} radius="sm" />)}
      </Stack>
    </Waiting>
  );
}

export function LoadingTiles({ count = 4 }: { count?: number }) {
  return (
    <Waiting>
      <SimpleGrid cols={{ base: 2, sm: count }}>
        {numbers(count).map((each) => <Skeleton key={each} height={92} />)}
      </SimpleGrid>
    </Waiting>
  );
}
