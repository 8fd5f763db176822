// SPDX-License-Identifier: Apache-2.0
// The customers of one group with their scores, a page at a time.
import { useTablePages } from "@/api/pages";
import { Answer, DataTable, LoadingTable, MoreButton } from "@/components";
import type { Selection } from "@/features/selection/useSelection";
import { t } from "@/i18n";
import { RFM_PATH } from "./rfm";
import type { Rules } from "./Rules";

interface RfmCustomersProps {
  group: string;
  selection: Selection;
  rules: Rules;
}

export function RfmCustomers({ group, selection, rules }: RfmCustomersProps) {
  const pages = useTablePages(`${RFM_PATH}/customers`,
    { ...selection.parameters, ...rules, group },
    { member: "list", limit: 100 });

  return (
    <Answer of={pages} loading={<LoadingTable />}>
      {(list) => (
        <>
          <DataTable table={list} name={t("rfm.customersOf", { group })} maxHeight={420}
                     columns={{
                       customer: { isHidden: true },
                       group: { isHidden: true },
                       number: { render: (number) => number ?? t("rfm.noNumber") },
                     }}
                     href={(row) => `/customers/${row.text("customer")}`} />
          <MoreButton of={pages} />
        </>
      )}
    </Answer>
  );
}
