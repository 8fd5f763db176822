// SPDX-License-Identifier: Apache-2.0
// A part of a page with a heading of its own: a picture, a table, a form.
import { Box, Group, Paper, Text, Title } from "@mantine/core";
import { useId, type ReactNode } from "react";

export interface PanelProps {
  title?: string;
  sentence?: ReactNode;
  aside?: ReactNode; // at the right of the title
  children: ReactNode;
}

export function Panel({ title, sentence, aside, children }: PanelProps) {
  const id = useId();

  return (
    <Paper component="section" p={{ base: "sm", sm: "md" }} aria-labelledby={title ? id : undefined}
           style={{ minWidth: 0 }}>
      {(title || aside) && (
        <Group justify="space-between" align="flex-start" mb="sm" gap="xs" wrap="nowrap">
          <Box style={{ minWidth: 0, flex: "1 1 14rem" }}>
            {title && <Title order={2} id={id}>{title}</Title>}
            {sentence && <Text size="sm" c="dimmed">{sentence}</Text>}
          </Box>
          {aside && <Box style={{ flexShrink: 0 }}>{aside}</Box>}
        </Group>
      )}
      {children}
    </Paper>
  );
}
