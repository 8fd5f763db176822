// SPDX-License-Identifier: Apache-2.0
// The campaigns of a month on the days they start.
import { ActionIcon, Anchor, Group, List, Stack, Text } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router-dom";
import type { Table } from "@/api/client";
import { Panel } from "@/components";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { addressOf, monthOf } from "./campaign";

export function Month({ table }: { table: Table }) {
  const format = useFormat();
  const now = new Date();
  const [away, setAway] = useState(0); // months from this one
  const shown = new Date(now.getFullYear(), now.getMonth() + away, 1);
  const days = monthOf(shown.getFullYear(), shown.getMonth(), table);
  const busy = days.filter(({ campaigns }) => campaigns.length > 0);
  const first = days[0]?.day ?? "", last = days[days.length - 1]?.day ?? "";

  return (
    <Panel title={t("campaigns.days", { from: format.day(first), to: format.day(last) })}
           aside={(
             <Group gap={4}>
               <ActionIcon variant="default" aria-label={t("campaigns.earlier")}
                           onClick={() => setAway(away - 1)}>
                 <IconChevronLeft size={18} />
               </ActionIcon>
               <ActionIcon variant="default" aria-label={t("campaigns.later")}
                           onClick={() => setAway(away + 1)}>
                 <IconChevronRight size={18} />
               </ActionIcon>
             </Group>
           )}>
      {busy.length === 0
        ? <Text c="dimmed">{t("campaigns.quietMonth")}</Text>
        : (
          <Stack gap="sm">
            {busy.map(({ day, campaigns }) => (
              <div key={day}>
                <Text fw={600} size="sm">{format.day(day)}</Text>
                <List size="sm">
                  {campaigns.map(({ name, state }) => (
                    <List.Item key={name}>
                      <Anchor component={Link} to={addressOf(name)} underline="always">
                        {name}
                      </Anchor>
                      {" · "}{t(`campaigns.state_${state}` as Key)}
                    </List.Item>
                  ))}
                </List>
              </div>
            ))}
          </Stack>
        )}
    </Panel>
  );
}
