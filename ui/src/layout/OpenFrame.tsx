// SPDX-License-Identifier: Apache-2.0
// Around the pages of who is not signed in: the name, one card.
import { Center, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { t } from "@/i18n";

export interface OpenFrameProps {
  title: string;
  sentence?: ReactNode;
  children: ReactNode;
}

export function OpenFrame({ title, sentence, children }: OpenFrameProps) {
  useEffect(() => {
    document.title = `${title} · Tessera`;
  }, [title]);

  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={400} gap="lg">
        <Group gap={10} justify="center">
          <img src="/tessera.svg" width={36} height={36} alt="" />
          <Text fw={700} fz="1.6rem">Tessera</Text>
        </Group>
        <Paper p={{ base: "md", sm: "xl" }} shadow="sm">
          <Stack>
            <div>
              <Title order={1}>{title}</Title>
              {sentence && <Text c="dimmed" mt={4}>{sentence}</Text>}
            </div>
            {children}
          </Stack>
        </Paper>
        <Text size="sm" c="dimmed" ta="center">{t("access.mission")}</Text>
      </Stack>
    </Center>
  );
}
