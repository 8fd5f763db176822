// SPDX-License-Identifier: Apache-2.0
// A word in passing, in the corner: that something was done. What failed is said where it failed.
import { notifications } from "@mantine/notifications";
import { t } from "@/i18n";

export function notify(message: string): void {
  notifications.show({ message, closeButtonProps: { "aria-label": t("common.close") } });
}
