// SPDX-License-Identifier: Apache-2.0
// Where a question is written: SQL in colours, names completed from the lake's tables.
import { autocompletion, closeCompletion } from "@codemirror/autocomplete";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { Compartment } from "@codemirror/state";
import { keymap } from "@codemirror/view";
import { useEffect, useRef, type Ref } from "react";
import { codeLook, useCodeEditor, type CodeEditorHandle } from "@/components/useCodeEditor";

export interface EditorProps {
  value: string;
  onChange: (value: string) => void;
  onRun: () => void;
  names: { [table: string]: string[] };
  label: string;
  ref?: Ref<CodeEditorHandle>;
}

const look = codeLook({ fontSize: "0.875rem", minHeight: "9rem", maxHeight: "24rem" });
const language = new Compartment();

function languageOf(schema: EditorProps["names"]) {
  return sql({ dialect: PostgreSQL, upperCaseKeywords: true, schema });
}

export function Editor({ value, onChange, onRun, names, label, ref }: EditorProps) {
  const run = useRef(onRun);
  const { place, view } = useCodeEditor({
    value, onChange, label, ref,
    extensions: () => [
      keymap.of([{ key: "Mod-Enter", run: (target) => {
        closeCompletion(target);
        run.current();
        return true;
      } }]),
      autocompletion(), look, language.of(languageOf({})),
    ],
  });

  run.current = onRun;
  useEffect(() => {
    view.current?.dispatch({ effects: language.reconfigure(languageOf(names)) });
  }, [names]);
  return <div ref={place} />;
}
