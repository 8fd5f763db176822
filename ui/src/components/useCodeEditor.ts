// SPDX-License-Identifier: Apache-2.0
// CodeMirror as a field of a form: its look, what every editor can do, and its text kept the same
// as the form's. The language and what belongs to it are extensions of whoever uses it. Not in
// index.ts: CodeMirror is loaded by the pages that write.
import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useImperativeHandle, useRef, type Ref } from "react";

export interface CodeEditorHandle {
  insert: (text: string) => void; // where the cursor stands
}

export interface CodeEditorProps {
  value: string;
  onChange: (value: string) => void;
  label: string;
  extensions: () => Extension; // before those of every editor; asked for when one is made
  ref: Ref<CodeEditorHandle> | undefined;
}

// How high it is at least and at most, and its letters. To be made once for each kind of editor.
export function codeLook(size: { fontSize: string; minHeight: string; maxHeight: string }) {
  const { fontSize, ...heights } = size;

  return EditorView.theme({
    "&": {
      border: "1px solid var(--mantine-color-default-border)",
      borderRadius: "var(--mantine-radius-sm)",
      backgroundColor: "var(--mantine-color-body)",
      fontSize,
    },
    "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)" },
    ".cm-scroller": heights,
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
}

// Colours of the theme, which has them for light and dark.
const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--mantine-primary-color-light-color)", fontWeight: "600" },
  { tag: [tags.string, tags.number, tags.bool, tags.null],
    color: "var(--mantine-color-grape-light-color)" },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
  { tag: tags.tagName, color: "var(--mantine-color-dimmed)" },
]);

const ofEveryEditor: Extension = [
  // Tab moves on, as everywhere in the app: it is not taken for blanks.
  keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
  lineNumbers(), history(), drawSelection(), closeBrackets(), bracketMatching(),
  syntaxHighlighting(colours), EditorView.lineWrapping,
];

// `place` is where it stands; `view` is the editor itself while there is one, also for effects of
// the component that come after this call.
export function useCodeEditor({ value, onChange, label, extensions, ref }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const handleChange = useRef(onChange);

  handleChange.current = onChange;
  useEffect(() => {
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          extensions(), ofEveryEditor, EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handleChange.current(update.state.doc.toString());
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
  useImperativeHandle(ref, () => ({
    insert: (text) => {
      view.current?.dispatch(view.current.state.replaceSelection(text));
      view.current?.focus();
    },
  }), []);
  return { place, view };
}
