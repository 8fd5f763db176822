// SPDX-License-Identifier: Apache-2.0
import { IconPackage } from "@tabler/icons-react";
import { t } from "@/i18n";
import { CatalogueList } from "../catalogue/CatalogueList";

const ORDER = ["name", "code", "category", "brand", "vat_rate", "price"];

export default function ProductsPage() {
  return <CatalogueList noun="products" title={t("catalogue.products")} icon={IconPackage}
                        sentence={t("catalogue.productsSentence")} order={ORDER} />;
}
