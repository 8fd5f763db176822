// SPDX-License-Identifier: Apache-2.0
// Who it is: identifiers, masked until somebody who may asks for them, and what is known.
import { Button, Collapse, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEye, IconEyeOff } from "@tabler/icons-react";
import { recordsOf, textOf } from "@/api/records";
import { useMay } from "@/api/session";
import { Facts, Panel, type Fact } from "@/components";
import { humanised, useFormat } from "@/format";
import { t } from "@/i18n";
import { kindWords, type Customer, type Profile } from "./customer";

export interface WhoProps {
  customer: Customer;
  isRevealed: boolean;
  onReveal: (isRevealed: boolean) => void;
}

export function Who({ customer, isRevealed, onReveal }: WhoProps) {
  const facts = recordsOf(customer.identifiers).map((each): Fact => ({
    label: kindWords(textOf(each, "kind")),
    value: textOf(each, "value"),
    note: textOf(each, "source"),
  }));

  return (
    <Panel title={t("customers.who")}>
      <Stack gap="sm">
        <Facts facts={facts} />
        <Reveal isRevealed={isRevealed} onReveal={onReveal} />
        <About profile={customer.profile} />
      </Stack>
    </Panel>
  );
}

function Reveal({ isRevealed, onReveal }: Omit<WhoProps, "customer">) {
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
