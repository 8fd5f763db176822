// SPDX-License-Identifier: Apache-2.0
// Who the customers are: a few groups who buy alike, who moves between them, and how sure that is.
import { Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconMoodSmile, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import type { Cell, Table } from "@/api/client";
import { useAction, useApi } from "@/api/queries";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, FailureNote, LoadingTable, Page, PageHeader, Panel, StatTile,
} from "@/components";
import { RunProgress, Warnings } from "@/features/analysis/Run";
import { figuresOf } from "@/features/selection/columns";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { Choice, PersonaMap } from "./Charts";
import { Crossing } from "./Crossing";
import { HeatTable } from "./HeatTable";
import { MoveFlow } from "./MoveFlow";
import { PersonaCards } from "./PersonaCards";
import {
  cardsOf, matrixOf, PERSONAS_PATH, rowsOf, RUNS_PATH, type Card, type Personas,
  type PersonasResult,
} from "./personas";
import { RunForm } from "./RunForm";

export default function PersonasPage() {
  const answer = useApi<Personas>(PERSONAS_PATH);
  const [job, setJob] = useState<string>();

  return (
    <Page width="wide">
      <PageHeader title={t("shell.personas")} sentence={t("personas.purpose")}>
        {answer.data?.result && (
          <AssignButton onStart={setJob} />
        )}
      </PageHeader>
      {job && <RunProgress key={job} id={job} onDone={answer.refetch} />}
      <Answer of={answer} loading={<LoadingTable rows={10} />}>
        {({ result }) => result
          ? <Told result={result} onStart={setJob} />
          : (
            <EmptyState icon={IconMoodSmile} title={t("personas.never")}
                        sentence={t("personas.neverHint")}>
              {!job && <RunForm isFirst onStart={setJob} />}
            </EmptyState>
          )}
      </Answer>
    </Page>
  );
}

/** New customers get their persona; the model stays. */
function AssignButton({ onStart }: { onStart: (job: string) => void }) {
  const run = useAction<undefined, { job_id: string }>(
    () => ({ method: "POST", path: RUNS_PATH, body: { frozen: true } }),
    { onDone: ({ job_id }) => onStart(job_id) });

  if (!useMay()("change_segments")) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconRefresh size={16} />} loading={run.isPending}
              onClick={() => run.mutate(undefined)}>
        {t("personas.assign")}
      </Button>
      <FailureNote error={run.error} />
    </>
  );
}

function Told({ result, onStart }: { result: PersonasResult; onStart: (job: string) => void }) {
  const format = useFormat();
  const names = useApi<Table>(`${PERSONAS_PATH}/names`);
  const cards = cardsOf(result, names.data);

  return (
    <Stack gap="lg">
      <Figures result={result} cards={cards} />
      <Warnings title={t("personas.warnings")} warnings={result.warnings}
                otherwise={t(isMeasured(result) ? "personas.trusted" : "personas.unmeasured")} />
      <PersonaCards cards={cards} currency={result.currency} onRenamed={names.refetch} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Panel title={t("personas.map")}
               sentence={t("personas.mapHint", {
                 share: format.share(result.explained_across + result.explained_up),
               })}>
          <PersonaMap result={result} cards={cards} />
        </Panel>
        {result.choice.rows.length > 0 && (
          <Panel title={t("personas.choice")}
                 sentence={t("personas.choiceHint", {
                   count: cards.length, reason: result.reason,
                 })}>
            <Choice result={result} cards={cards} />
          </Panel>
        )}
      </SimpleGrid>
      <Moves result={result} cards={cards} />
      <Crossing cards={cards} />
      <Panel title={t("personas.again")} sentence={t("personas.againHint")}>
        <RunForm isFirst={false} onStart={onStart} />
      </Panel>
      <Computation result={result} />
    </Stack>
  );
}

/** Of the number of groups that there are; null: not measured. */
function measureOf(result: PersonasResult, name: string): number | null {
  const chosen = figuresOf(result.choice, "personas").indexOf(result.personas.rows.length);

  return figuresOf(result.choice, name)[chosen] ?? null;
}

const isMeasured = (result: PersonasResult) =>
  measureOf(result, "silhouette") !== null && measureOf(result, "stability") !== null;

function Figures({ result, cards }: { result: PersonasResult; cards: Card[] }) {
  const format = useFormat();
  const of = (name: string) => measureOf(result, name);
  const write = (value: number | null) => (value === null ? "–" : format.number(value, 2));

  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
      <StatTile label={t("personas.customers")} value={format.integer(result.customers)}
                note={t("personas.customersNote", { count: cards.length })} />
      <StatTile label={t("personas.silhouette")} value={write(of("silhouette"))}
                note={t("personas.silhouetteNote")} />
      <StatTile label={t("personas.stability")} value={write(of("stability"))}
                note={t("personas.stabilityNote")} />
      <StatTile label={t("personas.moved", { day: format.day(result.before) })}
                value={format.integer(result.moved_up + result.moved_down)}
                note={t("personas.movedNote", {
                  up: format.integer(result.moved_up), down: format.integer(result.moved_down),
                })} />
    </SimpleGrid>
  );
}

function Moves({ result, cards }: { result: PersonasResult; cards: Card[] }) {
  const format = useFormat();
  const numbers: Cell[] = [...cards.map(({ number }) => number), null];
  const matrix = matrixOf(result.moves, numbers, numbers);
  const names = new Map(cards.map(({ number, name }) => [number, name]));
  const days = { before: format.day(result.before), day: format.day(result.as_of) };
  const isKnown = result.moves.rows.some(([from]) => from !== null);

  return (
    <Panel title={t("personas.moves")} sentence={t("personas.movesHint", days)}>
      {isKnown
        ? (
          <MoveFlow matrix={matrix} cards={cards}
                    summary={t("personas.movesSummary", {
                      up: format.integer(result.moved_up), stayed: format.integer(result.stayed),
                      down: format.integer(result.moved_down), ...days,
                    })}
                    table={(
                      <HeatTable matrix={matrix} name={t("personas.moves")}
                                 corner={t("personas.from")}
                                 caption={t("personas.movesCaption", days)}
                                 rowName={(number) => number === null
                                   ? t("personas.newcomers") : names.get(Number(number)) ?? ""}
                                 columnName={(number) => number === null
                                   ? t("personas.gone") : names.get(Number(number)) ?? ""} />
                    )} />
        )
        : <Text size="sm">{t("personas.nobody", days)}</Text>}
    </Panel>
  );
}

function Computation({ result }: { result: PersonasResult }) {
  const format = useFormat();
  const features = rowsOf(result.axes).map(({ feature, of }) =>
    `${String(feature).toLowerCase()}${of ? ` ${String(of)}` : ""}`).join(", ");

  return (
    <Panel title={t("personas.computed")}
           sentence={t("personas.computedHint", {
             method: result.method, features, customers: format.integer(result.customers),
             day: format.day(result.as_of), sample: format.integer(result.sample),
             seed: result.seed,
           })}>
      <Stack gap="md">
        <DataTable table={result.personas} name={t("personas.cards")}
                   columns={{ representative: { isHidden: true } }} />
        <DataTable table={result.effects} name={t("personas.effects")} maxHeight={420} />
      </Stack>
    </Panel>
  );
}
