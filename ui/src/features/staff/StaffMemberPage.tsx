// SPDX-License-Identifier: Apache-2.0
import { Anchor } from "@mantine/core";
import { Link, useParams } from "react-router-dom";
import { t } from "@/i18n";
import { CataloguePage, type Member } from "../catalogue/CataloguePage";
import { Figures } from "../catalogue/Figures";

interface StaffMember extends Member {
  role?: string;
  store_code?: string;
  store_name?: string;
}

const METRICS = ["revenue_gross", "sale_receipts", "basket_value", "basket_units", "refund_rate"];

export default function StaffMemberPage() {
  const { code = "" } = useParams();

  return (
    <CataloguePage<StaffMember> noun="staff" code={code} all={t("catalogue.allStaff")}
      factsOf={({ role, store_code: store, store_name: name }) => [
        { label: t("catalogue.role"), value: role },
        {
          label: t("catalogue.store"),
          value: store && (
            <Anchor component={Link} size="sm" to={`/stores/${encodeURIComponent(store)}`}>
              {name ?? store}
            </Anchor>
          ),
        },
      ]}>
      <Figures dimension="cashier" code={code} metrics={METRICS}
               league={{ by: "product", title: t("catalogue.bestProducts"), to: "/products" }} />
    </CataloguePage>
  );
}
