// SPDX-License-Identifier: Apache-2.0
import { IconBuildingStore } from "@tabler/icons-react";
import { t } from "@/i18n";
import { CatalogueList } from "../catalogue/CatalogueList";

const ORDER = ["name", "code", "city", "region", "country"];

export default function StoresPage() {
  return <CatalogueList noun="stores" title={t("catalogue.stores")} icon={IconBuildingStore}
                        sentence={t("catalogue.storesSentence")} order={ORDER} />;
}
