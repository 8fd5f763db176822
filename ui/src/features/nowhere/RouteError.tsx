// SPDX-License-Identifier: Apache-2.0
// In place of a page that fell over, or whose file the server no longer has because it was updated.
import { Button, Group } from "@mantine/core";
import { useRouteError } from "react-router-dom";
import { ErrorState } from "@/components";
import { t } from "@/i18n";

export function RouteError() {
  const error = useRouteError();
  const isGone = error instanceof TypeError && /import|module/i.test(error.message);

  return (
    <>
      <ErrorState error={isGone ? new Error(t("shell.newVersion")) : error} />
      <Group justify="center">
        <Button onClick={() => location.reload()}>{t("shell.reload")}</Button>
      </Group>
    </>
  );
}
