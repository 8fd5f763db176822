// SPDX-License-Identifier: Apache-2.0
// What the web developer puts into the pages.
import { Button, Code, CopyButton, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Panel } from "@/components";
import { t } from "@/i18n";

export function Install({ snippet }: { snippet: string }) {
  return (
    <Panel title={t("tags.snippet")} sentence={t("tags.installSentence")}>
      <Stack align="flex-start">
        <Code block w="100%" tabIndex={0} style={{ overflowX: "auto" }}>{snippet}</Code>
        <CopyButton value={snippet}>
          {({ copied, copy }) => (
            <Button onClick={copy}
                    leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}>
              {t(copied ? "tags.copied" : "tags.copy")}
            </Button>
          )}
        </CopyButton>
        <Text size="sm" c="dimmed">{t("tags.keyHint")}</Text>
      </Stack>
    </Panel>
  );
}
