// SPDX-License-Identifier: Apache-2.0
import { useParams } from "react-router-dom";
import { t } from "@/i18n";
import { CataloguePage, type Member } from "../catalogue/CataloguePage";
import { Figures } from "../catalogue/Figures";

interface Store extends Member {
  city?: string;
  region?: string;
  country?: string;
}

const METRICS = ["revenue_gross", "sale_receipts", "basket_value", "customers", "refund_rate"];

export default function StorePage() {
  const { code = "" } = useParams();

  return (
    <CataloguePage<Store> noun="stores" code={code} all={t("catalogue.allStores")}
      factsOf={({ city, region, country }) => [
        { label: t("catalogue.city"), value: city },
        { label: t("catalogue.region"), value: region },
        { label: t("catalogue.country"), value: country },
      ]}>
      <Figures dimension="store" code={code} metrics={METRICS}
               league={{ by: "cashier", title: t("catalogue.bestCashiers"), to: "/staff" }} />
    </CataloguePage>
  );
}
