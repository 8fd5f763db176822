// SPDX-License-Identifier: Apache-2.0
// A card for each persona: who they are before how they were found.
import {
  Anchor, Badge, Button, Group, List, Modal, Paper, SimpleGrid, Stack, Text, TextInput, Title,
} from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import type { Cell } from "@/api/client";
import { useAction } from "@/api/queries";
import { useMay } from "@/api/session";
import { Facts, FailureNote } from "@/components";
import { useFormat, type Format } from "@/format";
import { t } from "@/i18n";
import { PERSONAS_PATH, type Card } from "./personas";

interface PersonaCardsProps {
  cards: Card[];
  currency: string;
  onRenamed: () => unknown;
}

export function PersonaCards({ cards, currency, onRenamed }: PersonaCardsProps) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }} spacing="lg" role="group"
                aria-label={t("personas.cards")}>
      {cards.map((card) => (
        <PersonaCard key={card.number} card={card} currency={currency} onRenamed={onRenamed} />
      ))}
    </SimpleGrid>
  );
}

function PersonaCard({ card, currency, onRenamed }:
                     { card: Card; currency: string; onRenamed: () => unknown }) {
  const format = useFormat();
  const { row } = card;
  const typical = String(row.representative ?? "");

  return (
    <Paper component="article" p="md" aria-label={card.name}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div style={{ minWidth: 0 }}>
            <Title order={2} style={{ overflowWrap: "anywhere" }}>{card.name}</Title>
            <Text size="sm" c="dimmed">{t("personas.number", { number: card.number })}</Text>
          </div>
          <Rename card={card} onRenamed={onRenamed} />
        </Group>
        <Group gap="xs">
          <Badge variant="light">
            {t("personas.ofCustomers", {
              customers: format.integer(Number(row.customers)),
              share: format.share(Number(row.share)),
            })}
          </Badge>
          <Badge variant="light" color="gray">
            {t("personas.ofSpend", { share: format.share(Number(row.spend_share)) })}
          </Badge>
        </Group>
        <Facts facts={[
          { label: t("personas.spendEach"),
            value: format.amount(Number(row.mean_spend), currency) },
          { label: t("personas.receiptsEach"), value: format.number(Number(row.receipts), 1) },
          { label: t("personas.lastSeen"),
            value: t("personas.daysAgo", { days: format.integer(Number(row.recency)) }) },
          { label: t("personas.channels"),
            value: card.channels.map(({ channel, share }) =>
              `${String(channel)} ${format.share(Number(share))}`).join(", ") },
          { label: t("personas.typical"), value: typical
            ? (
              <Anchor component={Link} to={`/customers/${typical}`} size="sm">
                {t("personas.typicalShow")}
              </Anchor>
            )
            : undefined },
        ]} />
        <Telling title={t("personas.apart")}
                 lines={card.apart.map((each) => apart(each, format))} />
        <Telling title={t("personas.basket")} lines={card.basket.map(({ product, lift, share }) =>
          `${String(product)}: ${t("personas.lift", {
            lift: format.number(Number(lift), 1), share: format.share(Number(share)),
          })}`)} />
      </Stack>
    </Paper>
  );
}

function apart(row: Record<string, Cell>, format: Format): string {
  const write = (value: Cell | undefined) => (row.type === "share"
    ? format.share(Number(value)) : format.number(Number(value), 1));
  const of = row.of ? ` ${String(row.of)}` : "";
  const words = t("personas.more", {
    feature: `${String(row.feature)}${of}`, mean: write(row.mean), others: write(row.others),
  });

  return `${words} (${t("personas.effect", { size: format.number(Number(row.effect), 1) })})`;
}

function Telling({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <div>
      <Text size="sm" fw={500}>{title}</Text>
      <List size="sm" spacing={2}>
        {lines.map((line) => <List.Item key={line}>{line}</List.Item>)}
      </List>
    </div>
  );
}

function Rename({ card, onRenamed }: { card: Card; onRenamed: () => unknown }) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState(card.name === card.label ? "" : card.name);
  const save = useAction<string, unknown>(
    (given) => ({
      method: "PUT", path: `${PERSONAS_PATH}/names/${card.number}`, body: { name: given },
    }),
    { onDone: () => { setOpen(false); void onRenamed(); } });

  if (!useMay()("change_segments")) return null;
  return (
    <>
      <Button variant="subtle" size="compact-sm" leftSection={<IconPencil size={16} />}
              onClick={() => setOpen(true)} className="no-print">
        {t("personas.rename")}
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)}
             title={t("personas.renameLabel", { number: card.number })}>
        <form onSubmit={(event) => { event.preventDefault(); save.mutate(name); }}>
          <Stack gap="sm">
            <TextInput label={t("personas.renameLabel", { number: card.number })}
                       description={t("personas.renameHint", { label: card.label })}
                       value={name} maxLength={60} data-autofocus
                       onChange={(event) => setName(event.currentTarget.value)} />
            <FailureNote error={save.error} />
            <Button type="submit" loading={save.isPending}>{t("personas.save")}</Button>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
