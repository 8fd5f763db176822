// SPDX-License-Identifier: Apache-2.0
// Customers by their estimated value, a page at a time.
import { useTablePages } from "@/api/pages";
import { useMay } from "@/api/session";
import { Answer, DataTable, LoadingTable, MoreButton, Panel } from "@/components";
import { t } from "@/i18n";
import { LIFETIME_VALUE_PATH } from "./lifetimeValue";

export function MostValuable() {
  const mayRead = useMay()("read_customers");
  const pages = useTablePages(`${LIFETIME_VALUE_PATH}/customers`, {},
    { member: "list", limit: 25, enabled: mayRead });

  if (!mayRead) return null;
  return (
    <Panel title={t("lifetimeValue.mostValuable")} sentence={t("lifetimeValue.mostValuableHint")}>
      <Answer of={pages} loading={<LoadingTable />}>
        {(list) => (
          <>
            <DataTable table={list} name={t("lifetimeValue.mostValuable")} maxHeight={420}
                       columns={{
                         customer: { isHidden: true },
                         number: { render: (number) => number ?? t("rfm.noNumber") },
                       }}
                       href={(row) => `/customers/${row.text("customer")}`} />
            <MoreButton of={pages} />
          </>
        )}
      </Answer>
    </Panel>
  );
}
