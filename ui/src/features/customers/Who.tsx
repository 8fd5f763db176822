// SPDX-License-Identifier: Apache-2.0
// Who it is: identifiers, masked until somebody who may asks for them, and what is known.
import { Button, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { useState } from "react";
import { useApi } from "@/api/queries";
import { recordsOf, textOf } from "@/api/records";
import { useMay } from "@/api/session";
import { Facts, Panel, type Fact } from "@/components";
import { humanised, useFormat } from "@/format";
import { t } from "@/i18n";
import { customerPath, kindWords, type Customer, type Profile } from "./customer";

// Each time whole identifiers are asked for is on record, so it is done once.
function useRevealed(id: string, isWanted: boolean): Map<string, string> {
  const answer = useApi<Customer>(customerPath(id), { limit: 1, reveal: true },
                                  { enabled: isWanted, staleTime: Infinity });

  if (!isWanted || !answer.data) return new Map();
  return new Map(recordsOf(answer.data.identifiers)
    .map((each) => [textOf(each, "id"), textOf(each, "value")]));
}

export function Who({ customer }: { customer: Customer }) {
  const [isRevealed, setIsRevealed] = useState(false);
  const revealed = useRevealed(customer.id, isRevealed);
  const facts = recordsOf(customer.identifiers).map((each): Fact => ({
    label: kindWords(textOf(each, "kind")),
    value: revealed.get(textOf(each, "id")) ?? textOf(each, "value"),
    note: textOf(each, "source"),
  }));

  return (
    <Panel title={t("customers.who")}>
      <Stack gap="sm">
        <Facts facts={facts} />
        <Reveal isRevealed={revealed.size > 0} onReveal={setIsRevealed} />
        <About profile={customer.profile} />
      </Stack>
    </Panel>
  );
}

interface RevealProps {
  isRevealed: boolean;
  onReveal: (isRevealed: boolean) => void;
}

function Reveal({ isRevealed, onReveal }: RevealProps) {
  const may = useMay();

  if (!may("unmask_identifiers")) return null;
  return (
    <Group gap="xs">
      <Button size="compact-sm" variant="default"
              leftSection={isRevealed ? <IconEyeOff size={16} /> : <IconEye size={16} />}
              onClick={() => onReveal(!isRevealed)}>
        {t(isRevealed ? "customers.hide" : "customers.reveal")}
      </Button>
      <Text size="xs" c="dimmed" aria-live="polite">
        {t(isRevealed ? "customers.revealed" : "customers.revealHint")}
      </Text>
    </Group>
  );
}

function About({ profile }: { profile: Profile }) {
  const format = useFormat();
  const [isOpen, { toggle }] = useDisclosure();
  const town = [profile.postal_code, profile.city].filter(Boolean).join(" ");
  const address = [profile.street, town, profile.region, profile.country]
    .filter(Boolean).join(", ");
  const known: Fact[] = [
    { label: t("customers.company"), value: profile.company },
    { label: t("customers.address"), value: address },
    { label: t("customers.birth_day"), value: profile.birth_day && format.day(profile.birth_day) },
    { label: t("customers.gender"), value: profile.gender },
    { label: t("customers.language"), value: profile.language },
  ];
  const more = Object.entries(profile.attributes ?? {})
    .map(([name, value]): Fact => ({ label: humanised(name), value: String(value) }));

  return (
    <>
      <Facts facts={known} />
      {more.length > 0 && (
        <div>
          <Button size="compact-sm" variant="subtle" onClick={toggle} aria-expanded={isOpen}>
            {t("customers.moreKnown")}
          </Button>
          <Collapse expanded={isOpen}><Facts facts={more} /></Collapse>
        </div>
      )}
    </>
  );
}
