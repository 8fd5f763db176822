// SPDX-License-Identifier: Apache-2.0
// Scores by limits that the house has set instead of fifths: a score then means the same next year.
import { Button, Group, SimpleGrid, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router-dom";
import { Panel } from "@/components";
import { t } from "@/i18n";

export const RULES = ["recency-edges", "frequency-edges", "monetary-edges"] as const;
export type Rules = Partial<Record<(typeof RULES)[number], string>>;

const LABELS = {
  "recency-edges": "rfm.recencyEdges", "frequency-edges": "rfm.frequencyEdges",
  "monetary-edges": "rfm.monetaryEdges",
} as const;

/** Those that the address names; none: fifths. */
export function useRules(): Rules {
  const [search] = useSearchParams();
  const named = RULES.map((name) => [name, search.get(name)] as const);

  return Object.fromEntries(named.filter(([, edges]) => edges)) as Rules;
}

const USUAL: Required<Rules> = {
  "recency-edges": "30,90,180,365", "frequency-edges": "2,4,8,16",
  "monetary-edges": "50,150,500,1500",
};

export function RulesPanel({ rules }: { rules: Rules }) {
  const [, setSearch] = useSearchParams();
  const [draft, setDraft] = useState<Rules>(rules);
  const put = (wanted: Rules) => {
    setDraft(wanted);
    setSearch((former) => {
      const next = new URLSearchParams(former);
      RULES.forEach((name) => {
        const edges = wanted[name]?.replaceAll(" ", "");
        if (edges) next.set(name, edges);
        else next.delete(name);
      });
      return next;
    }, { replace: true });
  };

  return (
    <Panel title={t("rfm.rules")} sentence={t("rfm.rulesHint")}>
      <form onSubmit={(event) => { event.preventDefault(); put(draft); }}>
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
            {RULES.map((name) => (
              <TextInput key={name} label={t(LABELS[name])} placeholder={USUAL[name]}
                         value={draft[name] ?? ""}
                         onChange={(event) =>
                           setDraft({ ...draft, [name]: event.currentTarget.value })} />
            ))}
          </SimpleGrid>
          <Group>
            <Button type="submit" variant="default">{t("rfm.useRules")}</Button>
            {Object.keys(rules).length > 0 && (
              <Button variant="subtle" onClick={() => put({})}>{t("rfm.useFifths")}</Button>
            )}
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
