// SPDX-License-Identifier: Apache-2.0
// Nothing here yet: what will stand here, and the one next step (a button or link as children).
import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconLayoutGrid, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

export interface EmptyStateProps {
  title: string;
  sentence?: ReactNode;
  icon?: Icon;
  children?: ReactNode;
}

export function EmptyState({ title, sentence, icon: Picture = IconLayoutGrid, children }:
                           EmptyStateProps) {
  return (
    <Center py="xl">
      <Stack align="center" gap="sm" maw={460} ta="center">
        <ThemeIcon size={56} radius="xl" variant="light" aria-hidden>
          <Picture size={28} stroke={1.5} />
        </ThemeIcon>
        <Title order={2}>{title}</Title>
        {sentence && <Text c="dimmed">{sentence}</Text>}
        {children}
      </Stack>
    </Center>
  );
}
