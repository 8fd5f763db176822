// SPDX-License-Identifier: Apache-2.0
// What a join or an undo would do, as the server found by doing it and taking it back.
import { Alert, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { call, type ApiError, type Table as Rows } from "@/api/client";
import { numberOf, recordsOf, textOf, type Record } from "@/api/records";
import { Answer } from "@/components";
import { stateWord } from "@/features/consent/consent";
import { customerPath } from "@/features/customers/customer";
import { useFormat, type Format } from "@/format";
import { t, type Key } from "@/i18n";
import { identifierWords, reasonWords } from "./identity";

interface JoinAnswer {
  refusal?: string;
  warning?: string;
  sides: Rows;
  amounts: Rows;
  consents: Rows;
}

interface UndoAnswer {
  separated: boolean;
  sides: Rows;
  amounts: Rows;
  identifiers: Rows;
  consents: Rows;
}

// Asked anew each time it is looked at: it is about to be done.
function usePreview<Result>(path: string, body?: unknown) {
  return useQuery<Result, ApiError>({
    queryKey: [path, body ?? null],
    queryFn: () => call<Result>("POST", path, body),
    staleTime: 0,
    gcTime: 0,
  });
}

export function JoinPreview({ customer, other }: { customer: string; other: string }) {
  const preview = usePreview<JoinAnswer>(`${customerPath(customer)}/join/preview`, { other });

  return (
    <Answer of={preview}>
      {(answer) => (
        <Stack gap="xs" data-testid="join-preview">
          {answer.refusal
            ? <Alert color="red">{t("identity.previewRefused", {
                reason: reasonWords(answer.refusal) })}</Alert>
            : answer.warning && <Alert color="orange">{t("identity.previewWarning", {
                reason: reasonWords(answer.warning) })}</Alert>}
          <Text size="sm" fw={600}>{t("identity.previewJoin")}</Text>
          <Sides sides={answer.sides} amounts={answer.amounts}
                 names={["identity.sideOne", "identity.sideOther"]} />
          <Consents table={answer.consents} title="identity.consentsAfter" last="identity.asOne"
                    names={["identity.sideOne", "identity.sideOther"]} />
        </Stack>
      )}
    </Answer>
  );
}

export function UndoPreview({ link }: { link: string }) {
  const preview = usePreview<UndoAnswer>(`/api/v1/links/${link}/undo/preview`);

  return (
    <Answer of={preview}>
      {(answer) => answer.separated
        ? (
          <Stack gap="xs" data-testid="undo-preview">
            <Text size="sm" fw={600}>{t("identity.previewUndo")}</Text>
            <Sides sides={answer.sides} amounts={answer.amounts} identifiers={answer.identifiers}
                   names={["identity.sideFirst", "identity.sideSecond"]} />
            <Consents table={answer.consents} title="identity.consentsUndone"
                      last="identity.before"
                      names={["identity.sideFirst", "identity.sideSecond"]} />
          </Stack>
        )
        : <Alert data-testid="undo-preview">{t("identity.previewStays")}</Alert>}
    </Answer>
  );
}

interface SidesProps {
  sides: Rows;
  amounts: Rows;
  identifiers?: Rows;
  names: readonly [Key, Key];
}

function Sides({ sides, amounts, identifiers, names }: SidesProps) {
  const format = useFormat();

  return (
    <Table withTableBorder fz="sm" verticalSpacing={6}>
      <Table.Tbody>
        {recordsOf(sides).map((side, place) => (
          <Table.Tr key={textOf(side, "side")}>
            <Table.Th scope="row" style={{ verticalAlign: "top", fontWeight: 500 }}>
              {t(names[place]!)}
              <Text size="xs" c="dimmed">{textOf(side, "name")}</Text>
            </Table.Th>
            <Table.Td>
              {identifiers && (
                <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                  {recordsOf(identifiers).filter((each) => each.side === side.side)
                    .map(identifierWords).join(", ")}
                </Text>
              )}
              <Text size="sm" {...(identifiers && { c: "dimmed" })}>
                {countsOf(side, amounts, format, !identifiers)}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function countsOf(side: Record, amounts: Rows, format: Format, hasIdentifiers: boolean): string {
  const bought = recordsOf(amounts).filter((each) => each.side === side.side)
    .map((each) => format.amount(numberOf(each, "revenue_gross"), textOf(each, "currency")));

  return [
    hasIdentifiers && t("identity.identifiersCount", { count: numberOf(side, "identifiers") }),
    t("identity.receipts", { count: numberOf(side, "receipts") }),
    bought.join(" + "),
    t("identity.events", { count: numberOf(side, "events") }),
    t("identity.consents", { count: numberOf(side, "consents") }),
  ].filter(Boolean).join(" · ");
}

interface ConsentsProps {
  table: Rows;
  title: Key;
  last: Key;
  names: readonly [Key, Key];
}

function Consents({ table, title, last, names }: ConsentsProps) {
  const stateWords = (state: unknown) =>
    state === null ? t("identity.nothing") : stateWord(String(state));

  if (table.rows.length === 0) return null;
  return (
    <>
      <Text size="sm" fw={600}>{t(title)}</Text>
      <Table.ScrollContainer minWidth={280} type="native" tabIndex={0} role="region"
                             aria-label={t(title)}>
        <Table withTableBorder fz="sm" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("identity.purpose")}</Table.Th>
              {names.map((name) => <Table.Th key={name}>{t(name)}</Table.Th>)}
              <Table.Th>{t(last)}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {recordsOf(table).map((row) => (
              <Table.Tr key={`${row.purpose} ${row.channel}`}>
                <Table.Td>{textOf(row, "purpose")} · {textOf(row, "channel")}</Table.Td>
                <Table.Td>{stateWords(row.state_a ?? null)}</Table.Td>
                <Table.Td>{stateWords(row.state_b ?? null)}</Table.Td>
                <Table.Td fw={600}>{stateWords(row.state_both ?? null)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
