// SPDX-License-Identifier: Apache-2.0
// "How is this computed?": what the number means, the SQL that counted it with the values bound
// into it, and the state of the data (watermark) that it was counted on.
import { ActionIcon, Button, Code, Drawer, Group, Stack, Text, Title, Tooltip }
  from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHelpCircle } from "@tabler/icons-react";
import type { Parameters } from "@/api/client";
import { useApi } from "@/api/queries";
import { Answer } from "@/components";
import { t } from "@/i18n";
import { METRICS_PATH } from "./registry";

export interface ComputedProps {
  // Metrics of the registry by dimensions, or a report that explains itself.
  of: { metrics: readonly string[]; by?: readonly string[] } | { report: string };
  parameters: Parameters; // those of the numbers shown
  label?: string; // what is computed, for who does not see what the button stands beside
  isSmall?: boolean; // a sign without words
}

interface Explanation {
  metrics?: { name: string; label: string; unit: string; definition: string }[];
  definition?: string;
  sql: string;
  values_bound: (string | number | null)[];
}

interface Explained extends Partial<Explanation> {
  explanation?: Explanation;
  selection: SelectionStated;
}

interface SelectionStated {
  from: string | null;
  to: string | null;
  filters: string[];
  watermark: string;
}

export function Computed(props: ComputedProps) {
  const [isOpen, { open, close }] = useDisclosure();
  const label = props.label ? t("selection.computedOf", { name: props.label })
    : t("selection.computed");

  return (
    <>
      {props.isSmall
        ? (
          <Tooltip label={label}>
            <ActionIcon variant="subtle" color="gray" size="sm" aria-label={label} onClick={open}
                        className="no-print">
              <IconHelpCircle size={16} />
            </ActionIcon>
          </Tooltip>
        )
        : (
          <Button variant="subtle" size="compact-sm" leftSection={<IconHelpCircle size={16} />}
                  aria-label={label} onClick={open} className="no-print">
            {t("selection.computed")}
          </Button>
        )}
      <Drawer opened={isOpen} onClose={close} position="right" size="lg"
              title={t("selection.computed")}
              closeButtonProps={{ "aria-label": t("common.close") }}>
        {isOpen && <Content {...props} />}
      </Drawer>
    </>
  );
}

function Content({ of, parameters }: ComputedProps) {
  const path = "report" in of ? of.report : `${METRICS_PATH}/${of.metrics.join(",")}/values`;
  const by = "report" in of ? {} : { by: [...(of.by ?? [])] };
  const answer = useApi<Explained>(path, { ...parameters, ...by, sql: true });

  return (
    <Answer of={answer}>
      {({ explanation, selection, metrics, sql = "", values_bound = [] }) => (
        <Story explanation={explanation ?? { ...(metrics ? { metrics } : {}), sql, values_bound }}
               selection={selection} />
      )}
    </Answer>
  );
}

interface StoryProps {
  explanation: Explanation;
  selection: SelectionStated;
}

function Story({ explanation, selection }: StoryProps) {
  const { metrics = [], definition, sql, values_bound: values } = explanation;

  return (
    <Stack gap="md">
      {definition && <Text>{definition}</Text>}
      {metrics.map((metric) => (
        <div key={metric.name}>
          <Text fw={600}>{metric.label} <Code>{metric.name}</Code></Text>
          <Text>{metric.definition}</Text>
        </div>
      ))}
      <div>
        <Title order={3}>{t("selection.sql")}</Title>
        <Code block tabIndex={0}>{sql}</Code>
        {values.length > 0 && (
          <Text size="sm" mt={4}>
            {t("selection.values")}{" "}
            {values.map((value, index) => (
              <Code key={index} mr={4}>{`$${index + 1} = ${JSON.stringify(value)}`}</Code>
            ))}
          </Text>
        )}
      </div>
      <div>
        <Title order={3}>{t("selection.data")}</Title>
        <Text size="sm">{t("selection.watermark", { watermark: selection.watermark })}</Text>
        <Group gap={4} mt={4}>
          <Code>{selection.from ?? "…"} – {selection.to ?? "…"}</Code>
          {selection.filters.map((filter) => <Code key={filter}>{filter}</Code>)}
        </Group>
      </div>
    </Stack>
  );
}

