// SPDX-License-Identifier: Apache-2.0
// Finds a customer from everywhere: "/" or Ctrl+K goes into the field, Enter to the list.
import { Kbd, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useRef, useState, type FormEvent } from "react";
import { useNavigate } from "react-router-dom";
import { useMay } from "@/api/session";
import { t } from "@/i18n";

export function FindCustomer() {
  const may = useMay();
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState("");
  const focus = () => field.current?.focus();

  useHotkeys([["/", focus], ["mod+K", focus]]);
  if (!may("read_customers")) return null;

  function find(event: FormEvent) {
    event.preventDefault();
    void navigate(`/customers?q=${encodeURIComponent(words.trim())}`);
    setWords("");
    field.current?.blur();
  }

  return (
    <form onSubmit={find} role="search" style={{ flex: "1 1 0", maxWidth: 380, minWidth: 0 }}>
      <TextInput ref={field} value={words} onChange={(event) => setWords(event.target.value)}
                 placeholder={t("shell.findCustomer")} aria-label={t("shell.findCustomer")}
                 leftSection={<IconSearch size={16} />} rightSection={<Kbd size="xs">/</Kbd>}
                 size="sm" type="search" />
    </form>
  );
}
