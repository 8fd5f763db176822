// SPDX-License-Identifier: Apache-2.0
// A text that has to go elsewhere letter by letter: a DNS record, an address. With a button that
// copies it.
import { Button, Code, CopyButton, Group, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { t } from "@/i18n";

export function Copied({ label, value }: { label: string; value: string }) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Stack gap={2} style={{ flex: 1, minWidth: 0 }}>
        <Text size="xs" c="dimmed">{label}</Text>
        <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>{value}</Code>
      </Stack>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy} mt={20}
                  aria-label={`${t("common.copy")}: ${label}`}
                  leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}>
            {t(copied ? "common.copied" : "common.copy")}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
