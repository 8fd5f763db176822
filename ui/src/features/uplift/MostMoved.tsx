// SPDX-License-Identifier: Apache-2.0
// Customers by how much the treatment moves them, a page at a time.
import { useTablePages } from "@/api/pages";
import { useMay } from "@/api/session";
import { Answer, DataTable, LoadingTable, MoreButton, Panel } from "@/components";
import { t } from "@/i18n";
import { UPLIFT_PATH } from "./uplift";

export function MostMoved() {
  const mayRead = useMay()("read_customers");
  const pages = useTablePages(`${UPLIFT_PATH}/customers`, {},
    { member: "list", limit: 25, enabled: mayRead });

  if (!mayRead) return null;
  return (
    <Panel title={t("uplift.mostMoved")} sentence={t("uplift.mostMovedHint")}>
      <Answer of={pages} loading={<LoadingTable />}>
        {(list) => (
          <>
            <DataTable table={list} name={t("uplift.mostMoved")} maxHeight={420}
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
