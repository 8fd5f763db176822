// SPDX-License-Identifier: Apache-2.0
import { useParams } from "react-router-dom";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { CataloguePage, type Member } from "../catalogue/CataloguePage";
import { Figures } from "../catalogue/Figures";

interface Product extends Member {
  category?: string;
  brand?: string;
  vat_rate?: number;
  price?: number;
}

const METRICS = ["revenue_gross", "units", "sale_receipts", "customers", "refund_rate"];

export default function ProductPage() {
  const { code = "" } = useParams();
  const format = useFormat();

  return (
    <CataloguePage<Product> noun="products" code={code} all={t("catalogue.allProducts")}
      factsOf={(product) => [
        { label: t("catalogue.category"), value: product.category },
        { label: t("catalogue.brand"), value: product.brand },
        {
          label: t("catalogue.vatRate"),
          value: product.vat_rate !== undefined && format.percent(product.vat_rate),
        },
        {
          label: t("catalogue.listPrice"),
          value: product.price !== undefined && format.money(product.price),
        },
      ]}>
      <Figures dimension="product" code={code} metrics={METRICS}
               league={{ by: "store", title: t("catalogue.bestStores"), to: "/stores" }} />
    </CataloguePage>
  );
}
