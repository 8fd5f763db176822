// SPDX-License-Identifier: Apache-2.0
// Queries that are kept by name: chosen, saved, forgotten.
import {
  ActionIcon, Button, Group, Modal, Stack, Text, TextInput, UnstyledButton,
} from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useAction, useTable } from "@/api/queries";
import { recordsOf, textOf } from "@/api/records";
import {
  Answer, ConfirmDestructive, FailureNote, LoadingLines, notify, Panel,
} from "@/components";
import { t } from "@/i18n";
import { QUERIES_PATH, type SavedQuery } from "./sql";

const pathOf = (name: string) => `${QUERIES_PATH}/${encodeURIComponent(name)}`;

export function SavedQueries({ onChoose }: { onChoose: (query: SavedQuery) => void }) {
  const saved = useTable(QUERIES_PATH, { limit: 1000 });
  const [doomed, setDoomed] = useState<string>();

  return (
    <Panel title={t("sql.savedQueries")}>
      <Answer of={saved} loading={<LoadingLines />}>
        {(table) => table.rows.length === 0
          ? <Text size="sm" c="dimmed">{t("sql.noneSaved")}</Text>
          : (
            <Stack gap="xs">
              {recordsOf(table).map((record) => {
                const query = { name: textOf(record, "name"), query: textOf(record, "query"),
                                description: textOf(record, "description") };

                return (
                  <Group key={query.name} justify="space-between" wrap="nowrap" gap="xs">
                    <UnstyledButton onClick={() => onChoose(query)} style={{ minWidth: 0 }}>
                      <Text size="sm" fw={600} truncate>{query.name}</Text>
                      <Text size="xs" c="dimmed" lineClamp={2}>{query.description}</Text>
                    </UnstyledButton>
                    <ActionIcon variant="subtle" color="gray" onClick={() => setDoomed(query.name)}
                                aria-label={`${t("sql.forget")} ${query.name}`}>
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                );
              })}
            </Stack>
          )}
      </Answer>
      <Forget name={doomed} onClose={() => setDoomed(undefined)} />
    </Panel>
  );
}

function Forget({ name, onClose }: { name: string | undefined; onClose: () => void }) {
  const forget = useAction((doomed: string) => ({ method: "DELETE", path: pathOf(doomed) }),
                           { stale: [QUERIES_PATH], onDone: onClose });

  return (
    <ConfirmDestructive isOpen={name !== undefined}
                        title={t("sql.forgetTitle", { name: name ?? "" })}
                        deed={t("sql.forget")} isBusy={forget.isPending} error={forget.error}
                        onConfirm={() => name && forget.mutate(name)} onClose={onClose}>
      {t("sql.forgetHint")}
    </ConfirmDestructive>
  );
}

interface SaveProps {
  query: SavedQuery; // what it is called so far
  isOpen: boolean;
  onClose: () => void;
  onSaved: (query: SavedQuery) => void;
}

export function Save(props: SaveProps) {
  return (
    <Modal opened={props.isOpen} onClose={props.onClose} title={t("sql.saveTitle")}
           closeButtonProps={{ "aria-label": t("common.close") }}>
      <SaveForm {...props} />
    </Modal>
  );
}

function SaveForm({ query, onClose, onSaved }: SaveProps) {
  const [name, setName] = useState(query.name);
  const [description, setDescription] = useState(query.description);
  const save = useAction(
    () => ({ method: "PUT", path: pathOf(name.trim()),
             body: { query: query.query, description } }),
    { stale: [QUERIES_PATH],
      onDone: () => {
        notify(t("sql.saved", { name: name.trim() }));
        onSaved({ name: name.trim(), description, query: query.query });
        onClose();
      } });

  return (
    <form onSubmit={(event) => { event.preventDefault(); save.mutate(undefined); }}>
      <Stack>
        <Text size="sm">{t("sql.saveHint")}</Text>
        <TextInput label={t("sql.name")} value={name} required data-autofocus
                   onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label={t("sql.description")} value={description}
                   onChange={(event) => setDescription(event.currentTarget.value)} />
        <FailureNote error={save.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
            {t("sql.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
