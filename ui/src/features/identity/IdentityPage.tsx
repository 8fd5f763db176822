// SPDX-License-Identifier: Apache-2.0
// The identity explorer of one customer: the graph as a picture and as lists, why each link is
// there, what was kept apart. The chosen link stands in the address.
import { Anchor, Badge, Button, Divider, Grid, Group, Stack, Text } from "@mantine/core";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { Fragment, Suspense, lazy, useState } from "react";
import { Link, useParams } from "react-router-dom";
import { useApi } from "@/api/queries";
import { numberOf, recordsOf, textOf, type Record } from "@/api/records";
import { useMay } from "@/api/session";
import {
  Answer, LoadingLines, Page, PageHeader, Panel, useAddressState,
} from "@/components";
import { customerPath, kindWords, nameOf, type Customer } from "@/features/customers/customer";
import { JoinButton } from "@/features/customers/JoinButton";
import { useFormat } from "@/format";
import { t, type Key } from "@/i18n";
import { ConflictList } from "./Conflicts";
import { GuardActions } from "./GuardActions";
import {
  CUSTOMERS_PAGE, endWords, identifierWords, identityPath, isLive, reasonWords, type Identity,
} from "./identity";
import { LinkFacts } from "./LinkFacts";

const Graph = lazy(() => import("./Graph"));

export default function IdentityPage() {
  const { id = "" } = useParams();
  const [isRevealed, setIsRevealed] = useState(false);
  const customer = useApi<Customer>(customerPath(id), { limit: 1 });
  const identity = useApi<Identity>(identityPath(id), { reveal: isRevealed || null });

  return (
    <Page width="wide">
      <Answer of={customer}>
        {(data) => (
          <PageHeader title={t("identity.title", { name: nameOf(data) })}
                      sentence={t("identity.sentence")}
                      above={<Anchor component={Link} to={`${CUSTOMERS_PAGE}/${data.id}`} size="sm">
                        {t("identity.back")}
                      </Anchor>}>
            <Reveal isRevealed={isRevealed} onReveal={setIsRevealed} />
            <JoinButton customer={data} />
          </PageHeader>
        )}
      </Answer>
      <Answer of={identity} loading={<LoadingLines count={14} />}>
        {(data) => <Content key={data.id} identity={data} />}
      </Answer>
    </Page>
  );
}

function Reveal(props: { isRevealed: boolean; onReveal: (isRevealed: boolean) => void }) {
  const may = useMay();

  if (!may("unmask_identifiers")) return null;
  return (
    <Button variant="default" onClick={() => props.onReveal(!props.isRevealed)}
            leftSection={props.isRevealed ? <IconEyeOff size={16} /> : <IconEye size={16} />}>
      {t(props.isRevealed ? "identity.hide" : "identity.reveal")}
    </Button>
  );
}

function Content({ identity }: { identity: Identity }) {
  const [chosen, setChosen] = useAddressState("link");
  const links = recordsOf(identity.links);
  const link = links.find((each) => textOf(each, "id") === chosen);
  const conflicts = recordsOf(identity.kept_apart);

  return (
    <Stack gap="lg">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: link ? 8 : 12 }}>
          <Picture identity={identity} chosen={chosen} onChoose={setChosen} />
        </Grid.Col>
        {link && (
          <Grid.Col span={{ base: 12, lg: 4 }}>
            <LinkFacts link={link} onClose={() => setChosen("")} />
          </Grid.Col>
        )}
      </Grid>
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Identifiers rows={recordsOf(identity.identifiers)} />
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Links rows={links} chosen={chosen} onChoose={setChosen} />
        </Grid.Col>
      </Grid>
      <Panel title={t("identity.keptApart")}
             sentence={t(conflicts.length > 0 ? "identity.keptApartSentence"
                                              : "identity.keptApartNone")}>
        <ConflictList rows={conflicts} />
      </Panel>
    </Stack>
  );
}

interface PictureProps {
  identity: Identity;
  chosen: string;
  onChoose: (link: string) => void;
}

function Picture({ identity, chosen, onChoose }: PictureProps) {
  const links = recordsOf(identity.links);
  const summary = t("identity.graphSummary", {
    identifiers: identity.identifiers.rows.length,
    links: links.filter(isLive).length,
    undone: links.filter((link) => !isLive(link)).length,
  });

  if (links.length === 0)
    return <Panel title={t("identity.graph")} sentence={t("identity.graphAlone")}>{null}</Panel>;
  return (
    <Panel title={t("identity.graph")} sentence={`${summary}. ${t("identity.graphSentence")}`}>
      <Suspense fallback={<LoadingLines count={10} />}>
        <Graph identity={identity} chosen={chosen} onChoose={onChoose} />
      </Suspense>
    </Panel>
  );
}

function Identifiers({ rows }: { rows: readonly Record[] }) {
  return (
    <Panel title={t("identity.identifiers")}>
      <Stack gap="sm">
        {rows.map((row, place) => (
          <Fragment key={textOf(row, "id")}>
            {place > 0 && <Divider />}
            <Identifier row={row} />
          </Fragment>
        ))}
      </Stack>
    </Panel>
  );
}

function Identifier({ row }: { row: Record }) {
  const format = useFormat();
  const guard = textOf(row, "guard");
  const counts = (["receipts", "events", "consents"] as const)
    .filter((name) => numberOf(row, name) > 0)
    .map((name) => t(`identity.${name}`, { count: numberOf(row, name) }));

  return (
    <Group justify="space-between" align="flex-start" gap="xs" wrap="nowrap">
      <div style={{ minWidth: 0 }}>
        <Group gap="xs">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {kindWords(textOf(row, "kind"))} <b>{textOf(row, "value")}</b>
          </Text>
          {guard && (
            <Badge color={guard === "released" ? "gray" : "red"} variant="light" tt="none" fw={500}>
              {t(`identity.${guard}` as Key)}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {[textOf(row, "source"), counts.join(", ") || t("identity.nothingUnder"),
            t("identity.firstSeen", { when: format.instant(textOf(row, "first_seen")) }),
            textOf(row, "guard_why")].filter(Boolean).join(" · ")}
        </Text>
      </div>
      <GuardActions identifier={textOf(row, "id")} words={identifierWords(row)} guard={guard} />
    </Group>
  );
}

interface LinksProps {
  rows: readonly Record[];
  chosen: string;
  onChoose: (link: string) => void;
}

function Links({ rows, chosen, onChoose }: LinksProps) {
  const format = useFormat();

  return (
    <Panel title={t("identity.links")} {...(rows.length === 0
             && { sentence: t("identity.linksNone") })}>
      <Stack gap="sm">
        {rows.map((row, place) => (
          <Fragment key={textOf(row, "id")}>
            {place > 0 && <Divider />}
            <div>
              <Anchor component="button" type="button" size="sm" ta="left"
                      onClick={() => onChoose(textOf(row, "id"))}
                      aria-pressed={textOf(row, "id") === chosen}
                      style={{ overflowWrap: "anywhere" }}
                      {...(!isLive(row) && { td: "line-through" })}>
                {endWords(row, "a")} – {endWords(row, "b")}
              </Anchor>
              <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {[reasonWords(textOf(row, "reason")), textOf(row, "source"),
                  textOf(row, "evidence").replace(/^: /, ""),
                  format.instant(textOf(row, "since"))].filter(Boolean).join(" · ")}
              </Text>
            </div>
          </Fragment>
        ))}
      </Stack>
    </Panel>
  );
}
