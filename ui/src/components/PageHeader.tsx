// SPDX-License-Identifier: Apache-2.0
// The head of a page: its title, one sentence that says what it is for, its actions on the right.
// It names the browser's tab too.
import { Box, Group, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";

export interface PageHeaderProps {
  title: string;
  sentence?: ReactNode;
  above?: ReactNode; // a link back to the list
  children?: ReactNode; // buttons
}

export function PageHeader({ title, sentence, above, children }: PageHeaderProps) {
  useEffect(() => {
    document.title = `${title} · Tessera`;
  }, [title]);

  return (
    <Group justify="space-between" align="flex-start" gap="md">
      <Box style={{ flex: "1 1 20rem", minWidth: 0 }}>
        {above}
        <Title order={1} style={{ overflowWrap: "anywhere" }}>{title}</Title>
        {sentence && <Text c="dimmed" mt={4}>{sentence}</Text>}
      </Box>
      {children && <Group gap="xs" className="no-print">{children}</Group>}
    </Group>
  );
}
