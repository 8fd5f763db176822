// SPDX-License-Identifier: Apache-2.0
// Which click, form, sight, page or push becomes which event.
import { Button, Group, Modal, Table, Text } from "@mantine/core";
import { IconPlus, IconPointer } from "@tabler/icons-react";
import { useState } from "react";
import { EmptyState, Panel } from "@/components";
import { t } from "@/i18n";
import { RuleForm } from "./RuleForm";
import { withRule, type Configuration, type Rule } from "./tag";

interface Props {
  draft: Configuration;
  onChange: (draft: Configuration) => void;
}

export function Rules({ draft, onChange }: Props) {
  const [open, setOpen] = useState<number>(); // which rule; as many as there are: a new one
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setOpen(draft.rules.length)}>
      {t("tags.addRule")}
    </Button>
  );
  const put = (index: number, rule: Rule | null) => {
    onChange({ ...draft, rules: withRule(draft.rules, index, rule) });
    setOpen(undefined);
  };
  const edited = open === undefined ? undefined : draft.rules[open];

  return (
    <Panel title={t("tags.tabRules")} sentence={t("tags.rulesSentence")}
           aside={draft.rules.length > 0 ? add : undefined}>
      {draft.rules.length === 0
        ? <EmptyState icon={IconPointer} title={t("tags.noRules")}
                      sentence={t("tags.noRulesHint")}>{add}</EmptyState>
        : <List rules={draft.rules} onOpen={setOpen} onRemove={(index) => put(index, null)} />}
      <Modal opened={open !== undefined} onClose={() => setOpen(undefined)} size="xl"
             title={edited ? t("tags.editRule", { event: edited.event }) : t("tags.addRule")}
             closeButtonProps={{ "aria-label": t("common.close") }}>
        <RuleForm key={open} draft={draft} rule={edited} onCancel={() => setOpen(undefined)}
                  onDone={(rule) => put(open!, rule)} />
      </Modal>
    </Panel>
  );
}

function List({ rules, onOpen, onRemove }: {
  rules: Rule[]; onOpen: (index: number) => void; onRemove: (index: number) => void;
}) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("tags.event")}</Table.Th>
            <Table.Th>{t("tags.on")}</Table.Th>
            <Table.Th>{t("tags.where")}</Table.Th>
            <Table.Th>{t("tags.properties")}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rules.map((rule, index) => (
            <Table.Tr key={index}>
              <Table.Td>
                <Button variant="transparent" size="compact-sm" px={0}
                        onClick={() => onOpen(index)}>{rule.event}</Button>
              </Table.Td>
              <Table.Td>{t(`tags.${rule.on}`)}</Table.Td>
              <Table.Td>
                <Text ff="monospace" size="sm">{rule.selector || rule.pattern}</Text>
              </Table.Td>
              <Table.Td>{(rule.properties ?? []).map(({ name }) => name).join(", ")}</Table.Td>
              <Table.Td>
                <Group justify="flex-end">
                  <Button variant="subtle" color="red" size="compact-sm"
                          aria-label={`${t("tags.remove")}: ${rule.event}`}
                          onClick={() => onRemove(index)}>{t("tags.remove")}</Button>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
