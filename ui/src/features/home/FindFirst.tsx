// SPDX-License-Identifier: Apache-2.0
// The home of who serves one customer at a time: the search, large.
import { Button, Group, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { useNavigate } from "react-router-dom";
import { useMay } from "@/api/session";
import { EmptyState, Panel } from "@/components";
import { t } from "@/i18n";

export function FindFirst() {
  const may = useMay();
  const navigate = useNavigate();
  const [words, setWords] = useState("");

  function find(event: FormEvent) {
    event.preventDefault();
    void navigate(`/customers?q=${encodeURIComponent(words.trim())}`);
  }

  if (!may("read_customers"))
    return <EmptyState title={t("home.nothing")} sentence={t("home.nothingHint")} />;
  return (
    <Panel title={t("shell.findCustomer")} sentence={t("home.findSentence")}>
      <form onSubmit={find} role="search">
        <Group gap="xs">
          <TextInput value={words} size="md" type="search" flex={1} miw={200}
                     aria-label={t("shell.findCustomer")} leftSection={<IconSearch size={18} />}
                     onChange={(event) => setWords(event.target.value)} />
          <Button type="submit" size="md">{t("common.search")}</Button>
        </Group>
      </form>
    </Panel>
  );
}
