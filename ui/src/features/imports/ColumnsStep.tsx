// SPDX-License-Identifier: Apache-2.0
// Second step: what each column means, as proposed and as changed, with the first rows as they
// would arrive. Every change goes to the server, which checks it.
import { Alert, Button, Group, Select, Stack, Table as Grid, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { Table } from "@/api/client";
import { useTable } from "@/api/queries";
import { recordsOf, textOf, type Record } from "@/api/records";
import { Answer, DataTable, FailureNote, LoadingTable, Panel } from "@/components";
import { sentence } from "@/components/failure";
import { t } from "@/i18n";
import type { Draft } from "./ImportNewPage";
import {
  ATTRIBUTE, LEFT_OUT, meaningOf, withMeaning, type Mapping, type Proposal,
} from "./mapping";
import { FormatPanel, MappingOptions } from "./MappingOptions";
import { NamedMappings } from "./NamedMappings";
import { useProposal } from "./useProposal";

export interface ColumnsStepProps {
  draft: Draft;
  mapping: Mapping | null; // as changed; null: as proposed
  onMapping: (mapping: Mapping | null) => void;
  onBack: () => void;
  onNext: () => void;
}

export function ColumnsStep({ draft, mapping, onMapping, onBack, onNext }: ColumnsStepProps) {
  const proposal = useProposal(draft, mapping);
  const fields = useTable("/api/v1/imports/fields", { kind: draft.kind });

  return (
    <Stack gap="lg">
      {proposal.isError && mapping
        ? <Unread mapping={mapping} error={proposal.error} onMapping={onMapping} />
        : (
          <Answer of={proposal} loading={<LoadingTable />}>
            {(data) => (
              <Stack gap="lg">
                <Panel title={t("imports.stepColumns")} sentence={t("imports.columnsSentence")}
                       aside={mapping && (
                         <Button size="compact-sm" variant="default"
                                 onClick={() => onMapping(null)}>
                           {t("imports.lookAgain")}
                         </Button>
                       )}>
                  <ColumnsTable proposal={data} fields={fields.data} onMapping={onMapping} />
                </Panel>
                <Missing proposal={data} />
                <PreviewPanel proposal={data} />
                <MappingOptions mapping={data.mapping} onMapping={onMapping} />
                <FormatPanel mapping={data.mapping} onMapping={onMapping} />
                <NamedMappings mapping={data.mapping} onMapping={onMapping} />
              </Stack>
            )}
          </Answer>
        )}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>{t("imports.back")}</Button>
        <Button onClick={onNext}
                disabled={proposal.isError || !proposal.data ||
                  proposal.data.missing !== undefined}>
          {t("imports.toTry")}
        </Button>
      </Group>
    </Stack>
  );
}

// What was changed does not fit the file: it can be changed again, or given up.
function Unread({ mapping, error, onMapping }: {
  mapping: Mapping; error: unknown; onMapping: (mapping: Mapping | null) => void;
}) {
  return (
    <>
      <Stack gap="sm" align="flex-start">
        <FailureNote error={error} title={t("imports.unread")} />
        <Button variant="default" onClick={() => onMapping(null)}>{t("imports.lookAgain")}</Button>
      </Stack>
      <MappingOptions mapping={mapping} onMapping={onMapping} />
      <FormatPanel mapping={mapping} onMapping={onMapping} />
    </>
  );
}

function Missing({ proposal }: { proposal: Proposal }) {
  if (!proposal.missing) return null;
  return (
    <Alert color="gray" variant="light" title={t("imports.missing")} role="status"
           icon={<IconInfoCircle />}>
      {sentence(proposal.missing)}
    </Alert>
  );
}

interface ColumnsTableProps {
  proposal: Proposal;
  fields: Table | undefined;
  onMapping: (mapping: Mapping) => void;
}

function examplesOf(column: Record): string[] {
  return textOf(column, "examples").split("\n");
}

function ColumnsTable({ proposal, fields, onMapping }: ColumnsTableProps) {
  const columns = recordsOf(proposal.columns);
  const all = columns.map((each) => textOf(each, "column"));
  const known = fields ? recordsOf(fields) : [];
  const options = [
    { value: LEFT_OUT, label: t("imports.leftOut") },
    { value: ATTRIBUTE, label: t("imports.attribute") },
    ...known.map((field) => ({
      value: textOf(field, "name"),
      label: field.required
        ? t("imports.required", { label: textOf(field, "label") }) : textOf(field, "label"),
    })),
  ];
  const isInstant = (name: string) =>
    known.some((field) => field.name === name && field.type === "instant");

  return (
    <Grid.ScrollContainer minWidth={300} type="native">
      <Grid>
        <Grid.Thead>
          <Grid.Tr>
            <Grid.Th scope="col">{t("imports.column")}</Grid.Th>
            <Grid.Th scope="col" visibleFrom="sm">{t("imports.example")}</Grid.Th>
            <Grid.Th scope="col">{t("imports.field")}</Grid.Th>
          </Grid.Tr>
        </Grid.Thead>
        <Grid.Tbody>
          {columns.map((each) => {
            const column = textOf(each, "column");
            return (
              <Grid.Tr key={column}>
                <Grid.Th scope="row" fw={500} style={{ overflowWrap: "anywhere" }}>
                  {column}
                  <Text size="xs" c="dimmed" fw={400} hiddenFrom="sm">
                    {examplesOf(each)[0]}
                  </Text>
                </Grid.Th>
                <Grid.Td c="dimmed" visibleFrom="sm" style={{ overflowWrap: "anywhere" }}>
                  {examplesOf(each).join(t("imports.exampleJoint"))}
                </Grid.Td>
                <Grid.Td>
                  <Select data={options} value={meaningOf(proposal.mapping, column)} searchable
                          size="sm" allowDeselect={false} miw={150} maw={300}
                          aria-label={t("imports.fieldOf", { column })}
                          onChange={(meaning) => meaning && onMapping(withMeaning(
                            proposal.mapping, column, meaning, isInstant(meaning), all))} />
                </Grid.Td>
              </Grid.Tr>
            );
          })}
        </Grid.Tbody>
      </Grid>
    </Grid.ScrollContainer>
  );
}

// In the order of the file's columns, then what is the same for all rows.
function previewOrder({ mapping, columns, preview }: Proposal): string[] {
  const inFile = recordsOf(columns).map((each) => meaningOf(mapping, textOf(each, "column")));
  const all = preview.columns.map(({ name }) => name);
  return [...new Set([...inFile.filter((name) => all.includes(name)), ...all])];
}

function PreviewPanel({ proposal }: { proposal: Proposal }) {
  const isFaulty = proposal.preview.columns.some(({ name }) => name === "fault");

  return (
    <Panel title={t("imports.preview")} sentence={isFaulty && t("imports.previewFault")}>
      <DataTable table={proposal.preview} name={t("imports.preview")} hasDownload={false}
                 order={previewOrder(proposal)} />
    </Panel>
  );
}
