// SPDX-License-Identifier: Apache-2.0
// One figure with its name, how it changed, and where it is told in full.
import { Group, Paper, Text, Tooltip } from "@mantine/core";
import { IconArrowDownRight, IconArrowUpRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { useFormat } from "@/format";

export interface StatTileProps {
  label: string;
  value: string; // written by useFormat
  exact?: string; // shown on hovering, when `value` is rounded
  change?: number | null; // 0.041: 4.1 % more than before
  isLossGood?: boolean; // a fall is no loss: refunds
  note?: ReactNode;
  to?: string;
}

export function StatTile(props: StatTileProps) {
  const body = (
    <>
      <Text size="sm" c="dimmed">{props.label}</Text>
      <Tooltip label={props.exact} disabled={!props.exact}>
        <Text fz="clamp(1.25rem, 5.4vw, 1.6rem)" fw={600} lh={1.3} w="fit-content">
          {props.value}
        </Text>
      </Tooltip>
      <Group gap={6}>
        <Change {...props} />
        {props.note && <Text size="xs" c="dimmed">{props.note}</Text>}
      </Group>
    </>
  );

  if (!props.to) return <Paper p="md">{body}</Paper>;
  return (
    <Paper p="md" component={Link} to={props.to} c="inherit" td="none">{body}</Paper>
  );
}

function Change({ change, isLossGood }: StatTileProps) {
  const format = useFormat();

  if (change === undefined || change === null || !Number.isFinite(change)) return null;
  const isLoss = change < 0 !== (isLossGood ?? false) && change !== 0;
  const Arrow = change < 0 ? IconArrowDownRight : IconArrowUpRight;

  return (
    <Group gap={2} c={isLoss ? "red" : "tile"}>
      <Arrow size={16} aria-hidden />
      <Text size="xs" fw={600}>{format.change(change)}</Text>
    </Group>
  );
}
