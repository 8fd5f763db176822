// SPDX-License-Identifier: Apache-2.0
import { Group, Text } from "@mantine/core";
import { Link } from "react-router-dom";

export function Brand() {
  return (
    <Group component={Link} gap={8} wrap="nowrap" c="inherit" td="none"
           {...({ to: "/", "aria-label": "Tessera" } as { to: string })}>
      <img src="/tessera.svg" width={24} height={24} alt="" />
      <Text fw={700} fz="lg" visibleFrom="xs">Tessera</Text>
    </Group>
  );
}
