// SPDX-License-Identifier: Apache-2.0
// The customers of one group with their scores, a page at a time.
import type { Table } from "@/api/client";
import { DataTable } from "@/components";
import { MorePages, usePages } from "@/features/selection/MorePages";
import type { Selection } from "@/features/selection/useSelection";
import { t } from "@/i18n";
import { RFM_PATH } from "./rfm";

const PAGE = 100;

interface ListAnswer {
  list: Table;
  matching: number;
  next?: string;
}

export function RfmCustomers({ group, selection }: { group: string; selection: Selection }) {
  const pages = usePages<ListAnswer>(`${RFM_PATH}/customers`,
    { ...selection.parameters, group, limit: PAGE });

  return (
    <MorePages of={pages} size={({ matching }) => matching} rows={({ list }) => list}>
      {(list) => (
        <DataTable table={list} name={t("rfm.customersOf", { group })} maxHeight={420}
                   columns={{
                     customer: { isHidden: true },
                     group: { isHidden: true },
                     number: { render: (number) => number ?? t("rfm.noNumber") },
                   }}
                   href={(row) => `/customers/${row.text("customer")}`} />
      )}
    </MorePages>
  );
}
