// SPDX-License-Identifier: Apache-2.0
// What was found in words, and when not to trust it.
import { Alert, List } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { Panel } from "@/components";
import { t } from "@/i18n";
import type { Told } from "./experiments";

export function Words({ reading, warnings }: Told) {
  return (
    <>
      <Panel title={t("experiments.reading")}>
        <List size="sm" spacing={6}>
          {reading.map((sentence) => <List.Item key={sentence}>{sentence}</List.Item>)}
        </List>
      </Panel>
      <Alert icon={<IconAlertTriangle size={20} />} color="yellow" title={t("experiments.warnings")}
             styles={{ title: { color: "var(--mantine-color-text)" } }}>
        <List size="sm" spacing={4}>
          {warnings.map((warning) => <List.Item key={warning}>{warning}</List.Item>)}
        </List>
      </Alert>
    </>
  );
}
