// SPDX-License-Identifier: Apache-2.0
// The customers of one group with their scores, a page at a time.
import { Group, Pagination } from "@mantine/core";
import { useState } from "react";
import type { Table } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer, DataTable, LoadingTable } from "@/components";
import type { Selection } from "@/features/selection/useSelection";
import { t } from "@/i18n";
import { RFM_PATH } from "./rfm";

const PAGE = 100;

export function RfmCustomers({ group, selection }: { group: string; selection: Selection }) {
  const [page, setPage] = useState(1);
  const answer = useApi<{ list: Table; matching: number }>(`${RFM_PATH}/customers`, {
    ...selection.parameters, group, limit: PAGE, offset: (page - 1) * PAGE,
  });

  return (
    <Answer of={answer} loading={<LoadingTable />}>
      {({ list, matching }) => (
        <>
          <DataTable table={list} name={t("rfm.customersOf", { group })} maxHeight={420}
                     columns={{
                       customer: { isHidden: true },
                       group: { isHidden: true },
                       number: { render: (number) => number ?? t("rfm.noNumber") },
                     }}
                     href={(row) => `/customers/${row.text("customer")}`} />
          {matching > PAGE && (
            <Group justify="center" mt="xs">
              <Pagination size="sm" value={page} onChange={setPage}
                          total={Math.ceil(matching / PAGE)}
                          getControlProps={(control) =>
                            ({ "aria-label": t(`rfm.${control}Page`) })} />
            </Group>
          )}
        </>
      )}
    </Answer>
  );
}
