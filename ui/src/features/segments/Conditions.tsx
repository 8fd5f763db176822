// SPDX-License-Identifier: Apache-2.0
// The conditions of a draft: the builder, and beside it what they mean now.
import { Alert, SegmentedControl, Stack, Textarea } from "@mantine/core";
import { useState } from "react";
import { Answer, LoadingLines, Panel } from "@/components";
import { t } from "@/i18n";
import { Builder } from "./Builder";
import { fieldsOf, useFields } from "./fields";
import { Preview, SqlView, useCounted } from "./Preview";
import { groupOfTree, isTree, treeOfGroup, type Tree } from "./tree";

type View = "builder" | "json" | "sql";

export function Conditions({ tree, onChange }: { tree: Tree; onChange: (tree: Tree) => void }) {
  const [view, setView] = useState<View>("builder");
  const counted = useCounted(tree);

  return (
    <Stack gap="md">
      <Panel><Preview tree={tree} counted={counted} /></Panel>
      <Panel title={t("segments.conditions")}
             aside={
               <SegmentedControl size="xs" value={view} aria-label={t("segments.view")}
                                 onChange={(next) => setView(next as View)}
                                 data={[
                                   { value: "builder", label: t("segments.viewBuilder") },
                                   { value: "sql", label: t("segments.viewSql") },
                                   { value: "json", label: t("segments.viewJson") },
                                 ]} />
             }>
        {view === "builder" && <Built tree={tree} onChange={onChange} />}
        {view === "sql" && (counted.data
          ? <SqlView counted={counted.data} /> : <LoadingLines />)}
        {view === "json" && <Written tree={tree} onChange={onChange} />}
      </Panel>
    </Stack>
  );
}

interface EditorProps {
  tree: Tree;
  onChange: (tree: Tree) => void;
}

// The builder keeps its groups, which have identities of their own; a tree from elsewhere (JSON,
// another segment) makes them anew.
function Built({ tree, onChange }: EditorProps) {
  const fields = useFields();
  const [group, setGroup] = useState(() => groupOfTree(tree));

  return (
    <Answer of={fields}>
      {(answer) => (
        <Builder fields={fieldsOf(answer)} group={group}
                 onChange={(next) => { setGroup(next); onChange(treeOfGroup(next)); }} />
      )}
    </Answer>
  );
}

function Written({ tree, onChange }: EditorProps) {
  const [text, setText] = useState(() => JSON.stringify(tree, null, 2));
  const [problem, setProblem] = useState("");

  function write(next: string): void {
    setText(next);
    try {
      const written: unknown = JSON.parse(next);
      if (!isTree(written)) throw new Error(t("segments.noTree"));
      onChange(written);
      setProblem("");
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <Stack gap="xs">
      <Textarea aria-label={t("segments.viewJson")} description={t("segments.jsonHint")} autosize
                minRows={8} value={text} spellCheck={false}
                styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
                onChange={(event) => write(event.currentTarget.value)} />
      {problem && <Alert color="red" variant="light" title={problem} />}
    </Stack>
  );
}
