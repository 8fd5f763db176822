// SPDX-License-Identifier: Apache-2.0
// Customers by how likely they are to leave, a page at a time, each with what weighs most.
import { useTablePages } from "@/api/pages";
import { useMay } from "@/api/session";
import { Answer, DataTable, LoadingTable, MoreButton, Panel } from "@/components";
import { t } from "@/i18n";
import { CHURN_PATH } from "./churn";

export function AtRisk() {
  const mayRead = useMay()("read_customers");
  const pages = useTablePages(`${CHURN_PATH}/customers`, {},
    { member: "list", limit: 25, enabled: mayRead });

  if (!mayRead) return null;
  return (
    <Panel title={t("churn.atRisk")} sentence={t("churn.atRiskHint")}>
      <Answer of={pages} loading={<LoadingTable />}>
        {(list) => (
          <>
            <DataTable table={list} name={t("churn.atRisk")} maxHeight={420}
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
