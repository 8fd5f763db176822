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
        <Box mb="sm">
          <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
            {title && <Title order={2} id={id} style={{ minWidth: 0 }}>{title}</Title>}
            {aside && <Box ml="auto" style={{ flexShrink: 0 }}>{aside}</Box>}
          </Group>
          {sentence && <Text size="sm" c="dimmed">{sentence}</Text>}
        </Box>
      )}
      {children}
    </Paper>
  );
}
