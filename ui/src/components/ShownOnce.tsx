// SPDX-License-Identifier: Apache-2.0
// A secret that the server tells once: a link, a key, recovery codes. With a button that copies it.
import { Alert, Button, Code, CopyButton, Stack } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { t } from "@/i18n";

export function ShownOnce(props: { title: string; hint: string; secret: string }) {
  return (
    <Alert variant="light" color="tile" title={props.title} role="status">
      <Stack gap="xs" align="flex-start">
        <div>{props.hint}</div>
        <Code block w="100%" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {props.secret}
        </Code>
        <CopyButton value={props.secret}>
          {({ copied, copy }) => (
            <Button size="compact-sm" variant="default" onClick={copy}
                    leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}>
              {t(copied ? "common.copied" : "common.copy")}
            </Button>
          )}
        </CopyButton>
      </Stack>
    </Alert>
  );
}
