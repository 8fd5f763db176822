// SPDX-License-Identifier: Apache-2.0
// A page that the account may not see says so in its place.
import { Button } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { useMay, type Permission } from "@/api/session";
import { EmptyState } from "@/components";
import { t } from "@/i18n";

export function Permitted(props: { permission: Permission | undefined; children: ReactNode }) {
  const may = useMay();

  if (may(props.permission)) return props.children;
  return (
    <EmptyState icon={IconLock} title={t("common.notAllowed")}
                sentence={t("common.notAllowedHint")}>
      <Button component={Link} to="/" variant="default">{t("shell.home")}</Button>
    </EmptyState>
  );
}
