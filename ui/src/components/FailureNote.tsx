// SPDX-License-Identifier: Apache-2.0
// A failed change, told beside the button that asked for it. Nothing while there is no error.
import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { t } from "@/i18n";
import { failureWords } from "./failure";

export function FailureNote(props: { error: unknown; title?: string }) {
  if (!props.error) return null;
  const words = failureWords(props.error, props.title ?? t("common.changeFailed"));

  return (
    <Alert color="red" variant="light" title={words.title} icon={<IconAlertTriangle />}
           role="alert">
      {words.message && <Text size="sm">{words.message}</Text>}
      {words.hint && <Text size="sm" mt={words.message ? 4 : 0}>{words.hint}</Text>}
    </Alert>
  );
}
