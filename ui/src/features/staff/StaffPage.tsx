// SPDX-License-Identifier: Apache-2.0
import { IconIdBadge2 } from "@tabler/icons-react";
import { t } from "@/i18n";
import { CatalogueList } from "../catalogue/CatalogueList";

const ORDER = ["name", "code", "role", "store_name"];

export default function StaffPage() {
  return <CatalogueList noun="staff" title={t("catalogue.staff")} icon={IconIdBadge2}
                        sentence={t("catalogue.staffSentence")} order={ORDER} />;
}
