// SPDX-License-Identifier: Apache-2.0
// Makes one customer of two records of one person: the other is searched for, the reason is kept.
import { Button, Group, Modal, Select, Stack, Text, Textarea } from "@mantine/core";
import { useDebouncedValue, useDisclosure } from "@mantine/hooks";
import { IconArrowsJoin } from "@tabler/icons-react";
import { useState } from "react";
import { useNavigate } from "react-router-dom";
import { useAction } from "@/api/queries";
import { useTablePages } from "@/api/pages";
import { recordsOf, textOf } from "@/api/records";
import { useMay } from "@/api/session";
import { FailureNote, notify } from "@/components";
import { JoinPreview } from "@/features/identity/Preview";
import { t } from "@/i18n";
import { CUSTOMERS_PATH, customerPath, type Customer } from "./customer";

export function JoinButton({ customer }: { customer: Customer }) {
  const may = useMay();
  const [isOpen, { open, close }] = useDisclosure();

  if (!may("change_customers")) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconArrowsJoin size={16} />} onClick={open}>
        {t("customers.join")}
      </Button>
      <Modal opened={isOpen} onClose={close} title={t("customers.joinTitle")} size="lg"
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <JoinForm customer={customer} onDone={close} />
      </Modal>
    </>
  );
}

function JoinForm({ customer, onDone }: { customer: Customer; onDone: () => void }) {
  const navigate = useNavigate();
  const [other, setOther] = useState<string | null>(null);
  const [why, setWhy] = useState("");
  const join = useAction<void, { customer: string }>(
    () => ({ method: "POST", path: `${customerPath(customer.id)}/join`, body: { other, why } }),
    {
      stale: [CUSTOMERS_PATH],
      onDone: (answer) => {
        onDone();
        notify(t("customers.joined"));
        void navigate(`/customers/${answer.customer}`, { replace: true });
      },
    },
  );

  return (
    <Stack>
      <Text size="sm">{t("customers.joinSentence")}</Text>
      <OtherCustomer self={customer.id} value={other} onChange={setOther} />
      {other && <JoinPreview customer={customer.id} other={other} />}
      <Textarea label={t("customers.joinWhy")} description={t("customers.joinWhyHint")} required
                autosize minRows={2} value={why} onChange={(event) => setWhy(event.target.value)} />
      <FailureNote error={join.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>{t("common.cancel")}</Button>
        <Button disabled={!other || why.trim() === ""} loading={join.isPending}
                onClick={() => join.mutate(undefined)}>
          {t("customers.joinDeed")}
        </Button>
      </Group>
    </Stack>
  );
}

interface OtherCustomerProps {
  self: string;
  value: string | null;
  onChange: (id: string | null) => void;
}

function OtherCustomer({ self, value, onChange }: OtherCustomerProps) {
  const [words, setWords] = useState("");
  const [settled] = useDebouncedValue(words, 150);
  const found = useTablePages(CUSTOMERS_PATH, { q: settled },
                              { member: "customers", limit: 10, enabled: settled.trim() !== "" });
  const options = settled.trim() === "" || !found.data ? [] : recordsOf(found.data)
    .filter((each) => each.id !== self)
    .map((each) => ({
      value: textOf(each, "id"),
      label: [textOf(each, "name") || t("customers.unnamed"), textOf(each, "number"),
              textOf(each, "city")].filter(Boolean).join(" · "),
    }));

  return (
    <Select label={t("customers.joinOther")} placeholder={t("customers.joinOtherHint")} required
            searchable data={options} value={value} onChange={onChange} data-autofocus
            onSearchChange={setWords} filter={({ options: all }) => all}
            nothingFoundMessage={settled.trim() === "" ? undefined : t("customers.nobody")} />
  );
}
