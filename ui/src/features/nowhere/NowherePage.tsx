// SPDX-License-Identifier: Apache-2.0
// The page for addresses that lead nowhere.
import { Button } from "@mantine/core";
import { IconMapOff } from "@tabler/icons-react";
import { Link } from "react-router-dom";
import { EmptyState } from "@/components";
import { t } from "@/i18n";

export function NowherePage() {
  return (
    <EmptyState icon={IconMapOff} title={t("common.notFound")} sentence={t("common.notFoundHint")}>
      <Button component={Link} to="/" variant="default">{t("shell.home")}</Button>
    </EmptyState>
  );
}
