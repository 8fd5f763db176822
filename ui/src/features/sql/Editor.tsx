// SPDX-License-Identifier: Apache-2.0
// CodeMirror as a field of a form: SQL in colours, names completed from the lake's tables.
import {
  autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { PostgreSQL, sql } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useImperativeHandle, useRef, type Ref } from "react";

export interface EditorHandle {
  insert: (text: string) => void; // where the cursor stands
}

export interface EditorProps {
  value: string;
  onChange: (value: string) => void;
  onRun: () => void;
  names: { [table: string]: string[] };
  label: string;
  ref?: Ref<EditorHandle>;
}

const look = EditorView.theme({
  "&": {
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "var(--mantine-radius-sm)",
    backgroundColor: "var(--mantine-color-body)",
    fontSize: "0.875rem",
  },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)" },
  ".cm-scroller": { minHeight: "9rem", maxHeight: "24rem" },
  ".cm-content": {
    fontFamily: "var(--mantine-font-family-monospace)", caretColor: "var(--mantine-color-text)",
  },
  ".cm-cursor": { borderLeftColor: "var(--mantine-color-text)" },
  ".cm-gutters": {
    backgroundColor: "transparent", border: "none", color: "var(--mantine-color-dimmed)",
  },
  ".cm-tooltip": {
    backgroundColor: "var(--mantine-color-body)", color: "var(--mantine-color-text)",
    border: "1px solid var(--mantine-color-default-border)",
  },
});

// Colours of the theme, which has them for light and dark.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--mantine-primary-color-light-color)", fontWeight: "600" },
  { tag: [tags.string, tags.number, tags.bool, tags.null],
    color: "var(--mantine-color-grape-light-color)" },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
]);

const language = new Compartment();

export function Editor({ value, onChange, onRun, names, label, ref }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const handlers = useRef({ onChange, onRun });

  handlers.current = { onChange, onRun };
  useEffect(() => {
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          // Tab moves on, as everywhere in the app: it is not taken for blanks.
          keymap.of([
            { key: "Mod-Enter", run: (target) => {
              closeCompletion(target);
              handlers.current.onRun();
              return true;
            } },
            ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap,
          ]),
          lineNumbers(), history(), drawSelection(), closeBrackets(), bracketMatching(),
          autocompletion(), syntaxHighlighting(colours), look, EditorView.lineWrapping,
          language.of(sql({ dialect: PostgreSQL, upperCaseKeywords: true })),
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handlers.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });

    view.current = editor;
    return () => editor.destroy();
    // The text at the beginning only: what comes from outside later is taken over below.
  }, [label]);
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    view.current?.dispatch({
      effects: language.reconfigure(
        sql({ dialect: PostgreSQL, upperCaseKeywords: true, schema: names }),
      ),
    });
  }, [names]);
  useImperativeHandle(ref, () => ({
    insert: (text) => {
      view.current?.dispatch(view.current.state.replaceSelection(text));
      view.current?.focus();
    },
  }), []);
  return <div ref={place} />;
}
