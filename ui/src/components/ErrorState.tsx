// SPDX-License-Identifier: Apache-2.0
// In place of what could not be loaded: what happened, what was kept, what to do.
import { Button, Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { t } from "@/i18n";
import { failureWords } from "./failure";

export function ErrorState(props: { error: unknown; onRetry?: () => unknown }) {
  const words = failureWords(props.error, t("common.failed"));

  return (
    <Center py="xl" role="alert">
      <Stack align="center" gap="sm" maw={520} ta="center">
        <ThemeIcon size={48} radius="xl" variant="light" color="red" aria-hidden>
          <IconAlertTriangle size={26} stroke={1.5} />
        </ThemeIcon>
        <Title order={2}>{words.title}</Title>
        {words.message && <Text>{words.message}</Text>}
        <Text c="dimmed">{words.hint || t("common.failedHint")}</Text>
        {props.onRetry && (
          <Button variant="default" onClick={() => props.onRetry?.()}>{t("common.again")}</Button>
        )}
      </Stack>
    </Center>
  );
}
