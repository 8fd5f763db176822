// SPDX-License-Identifier: Apache-2.0
// The reference of the HTTP API, written from the document that the server makes of its routes.
import {
  Accordion, ActionIcon, Anchor, Badge, Box, Code, CopyButton, Group, Stack, Table, Text, TextInput,
  Title,
} from "@mantine/core";
import { IconCheck, IconCopy, IconDownload, IconSearch } from "@tabler/icons-react";
import { useMemo } from "react";
import { useApi } from "@/api/queries";
import { Answer, EmptyState, Page, PageHeader, Panel, useAddressState } from "@/components";
import { t } from "@/i18n";
import { entriesOf, matching, type Document, type Entry, type Field } from "./document";

const DOCUMENT = "/api/v1/openapi.json";

export default function ApiPage() {
  const document = useApi<Document>(DOCUMENT, {}, { staleTime: Infinity });

  return (
    <Page>
      <PageHeader title={t("openapi.title")} sentence={t("openapi.sentence")}>
        <Anchor href={DOCUMENT} download="openapi.json">
          <Group gap={6} wrap="nowrap"><IconDownload size={16} />openapi.json</Group>
        </Anchor>
      </PageHeader>
      <Answer of={document}>{(known) => <Reference document={known} />}</Answer>
    </Page>
  );
}

function Reference({ document }: { document: Document }) {
  const [words, setWords] = useAddressState("q");
  const entries = useMemo(() => entriesOf(document, window.location.origin), [document]);
  const shown = useMemo(() => matching(entries, words), [entries, words]);
  const nouns = [...new Set(shown.map((entry) => entry.noun))];

  return (
    <Stack gap="lg">
      <Panel title={t("openapi.rules")}>
        {document.info.description.split("\n\n").map((each) => (
          <Text key={each} mb="xs">{each}</Text>
        ))}
      </Panel>
      <TextInput label={t("common.search")} placeholder={t("openapi.searchHint")} value={words}
                 leftSection={<IconSearch size={16} />}
                 description={t("openapi.found", { count: shown.length })}
                 onChange={(event) => setWords(event.currentTarget.value)} />
      {shown.length === 0
        && <EmptyState title={t("openapi.none")} sentence={t("openapi.noneHint")} />}
      {nouns.map((noun) => (
        <Panel key={noun} title={noun}>
          <Accordion multiple order={3}>
            {shown.filter((entry) => entry.noun === noun).map((entry) => (
              <Accordion.Item key={entry.id} value={entry.id}>
                <Accordion.Control><Head entry={entry} /></Accordion.Control>
                <Accordion.Panel><Details entry={entry} /></Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        </Panel>
      ))}
    </Stack>
  );
}

function Head({ entry }: { entry: Entry }) {
  return (
    <Box>
      <Group gap="xs">
        <Badge variant={entry.method === "GET" ? "light" : "filled"} radius="sm">
          {entry.method}
        </Badge>
        <Text component="span" ff="monospace" size="sm" style={{ overflowWrap: "anywhere" }}>
          {entry.path}
        </Text>
      </Group>
      <Text size="sm" mt={4}>{entry.summary}</Text>
    </Box>
  );
}

function Details({ entry }: { entry: Entry }) {
  return (
    <Stack gap="md">
      <Text size="sm">{entry.permission}</Text>
      {entry.parameters.length > 0
        && <Part title={t("openapi.parameters")} fields={entry.parameters} />}
      {entry.body && (
        <Part title={t("openapi.body")} fields={entry.body.fields} words={entry.body.words}
              type={entry.body.type} />
      )}
      <Part title={t("openapi.answer")} fields={entry.answer.fields} words={entry.answer.words}
            type={entry.answer.type} />
      <Failures entry={entry} />
      <Example text={entry.example} />
    </Stack>
  );
}

interface PartProps {
  title: string;
  fields: Field[];
  words?: string;
  type?: string;
}

function Part({ title, fields, words, type }: PartProps) {
  return (
    <Box>
      <Title order={4} size="h6">{title}{fields.length === 0 && type && `: ${type}`}</Title>
      {words && <Text size="sm">{words}</Text>}
      {fields.length > 0 && <Fields title={title} fields={fields} />}
    </Box>
  );
}

function Fields({ title, fields }: { title: string; fields: Field[] }) {
  return (
    <Box role="region" tabIndex={0} aria-label={title} style={{ overflowX: "auto" }}>
      <Table verticalSpacing={4} miw={420}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("openapi.name")}</Table.Th>
            <Table.Th>{t("openapi.type")}</Table.Th>
            <Table.Th>{t("openapi.meaning")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {fields.map((field, place) => (
            <Table.Tr key={place}>
              <Table.Td pl={8 + 16 * field.depth} style={{ whiteSpace: "nowrap" }}>
                <Code>{field.name}</Code>
              </Table.Td>
              <Table.Td>
                {field.type}{!field.isRequired && <small>{t("openapi.optional")}</small>}
              </Table.Td>
              <Table.Td>{field.help}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Box>
  );
}

function Failures({ entry }: { entry: Entry }) {
  return (
    <Box>
      <Title order={4} size="h6">{t("openapi.failures")}</Title>
      {entry.failures.map((each) => (
        <Text key={each.status} size="sm">
          <Code>{each.status === "default" ? t("openapi.others") : each.status}</Code>{" "}
          {each.meaning}
        </Text>
      ))}
    </Box>
  );
}

function Example({ text }: { text: string }) {
  return (
    <Box>
      <Group justify="space-between">
        <Title order={4} size="h6">{t("openapi.example")}</Title>
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <ActionIcon variant="subtle" onClick={copy}
                        aria-label={copied ? t("common.copied") : t("common.copy")}>
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          )}
        </CopyButton>
      </Group>
      <Code block tabIndex={0}>{text}</Code>
    </Box>
  );
}
