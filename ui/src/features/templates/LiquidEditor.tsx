// SPDX-License-Identifier: Apache-2.0
// CodeMirror as a field of a form: Liquid in colours, what a template may name completed, the place
// of a fault underlined.
import {
  autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, type CompletionContext,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import {
  bracketMatching, HighlightStyle, StreamLanguage, syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration, drawSelection, EditorView, keymap, lineNumbers, type DecorationSet,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useImperativeHandle, useRef, type Ref } from "react";
import { offsetOf, placeIn, type Fault, type Vocabulary } from "./template";

export interface LiquidEditorHandle {
  insert: (text: string) => void; // where the cursor stands
}

export interface LiquidEditorProps {
  value: string;
  onChange: (value: string) => void;
  vocabulary: Vocabulary;
  fault: Fault | undefined; // of this part
  label: string;
  ref?: Ref<LiquidEditorHandle>;
}

const look = EditorView.theme({
  "&": {
    border: "1px solid var(--mantine-color-default-border)",
    borderRadius: "var(--mantine-radius-sm)",
    backgroundColor: "var(--mantine-color-body)",
    fontSize: "0.8125rem",
  },
  "&.cm-focused": { outline: "2px solid var(--mantine-primary-color-filled)" },
  ".cm-scroller": { minHeight: "14rem", maxHeight: "34rem" },
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
  ".cm-fault": {
    textDecoration: "underline wavy var(--mantine-color-error)", textUnderlineOffset: "3px",
  },
  ".cm-fault-line": { backgroundColor: "var(--mantine-color-red-light)" },
});

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--mantine-primary-color-light-color)", fontWeight: "600" },
  { tag: tags.string, color: "var(--mantine-color-grape-light-color)" },
  { tag: tags.tagName, color: "var(--mantine-color-dimmed)" },
]);

// Enough of the language to be seen apart from the text around it.
const liquid = StreamLanguage.define<{ end: string }>({
  startState: () => ({ end: "" }),
  token: (stream, state) => {
    if (state.end !== "") {
      if (stream.match(state.end)) {
        state.end = "";
        return "keyword";
      }
      if (stream.match(/^"[^"]*"|^'[^']*'/)) return "string";
      stream.next();
      return "keyword";
    }
    if (stream.match("{{") || stream.match("{%")) {
      state.end = stream.current() === "{{" ? "}}" : "%}";
      return "keyword";
    }
    if (stream.match(/^<\/?[a-zA-Z][^>{]*>?/) || stream.match(">")) return "tagName";
    stream.next();
    return null;
  },
});

const setFault = StateEffect.define<Fault | undefined>();
const faultField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (decorations, transaction) => {
    for (const effect of transaction.effects)
      if (effect.is(setFault)) {
        const { doc } = transaction.state;
        if (!effect.value || doc.length === 0) return Decoration.none;
        const { line, column } = effect.value;
        const from = offsetOf(doc.toString(), line, column);
        const word = /^[\w.-]+|^./.exec(doc.sliceString(from, doc.lineAt(from).to))?.[0] ?? "";
        const marks = [Decoration.line({ class: "cm-fault-line" }).range(doc.lineAt(from).from)];

        if (word !== "")
          marks.push(Decoration.mark({ class: "cm-fault" }).range(from, from + word.length));
        return Decoration.set(marks, true);
      }
    return decorations.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function complete(context: CompletionContext, vocabulary: Vocabulary) {
  const place = placeIn(context.state.sliceDoc(0, context.pos));
  const word = context.matchBefore(/[\w.]*/);

  if (!place || !word || (word.from === word.to && !context.explicit)) return null;
  const offers = place === "filter" ? vocabulary.filters
    : place === "tag" ? vocabulary.tags : vocabulary.values;
  return {
    from: word.from,
    options: offers.map(({ name, detail, info }) => ({ label: name, detail, info })),
  };
}

export function LiquidEditor(
  { value, onChange, vocabulary, fault, label, ref }: LiquidEditorProps,
) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ onChange, vocabulary });

  latest.current = { onChange, vocabulary };
  useEffect(() => {
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          // Tab moves on, as everywhere in the app: it is not taken for blanks.
          keymap.of([
            ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap,
          ]),
          lineNumbers(), history(), drawSelection(), closeBrackets(), bracketMatching(),
          autocompletion({
            override: [(context) => complete(context, latest.current.vocabulary)],
          }),
          liquid, syntaxHighlighting(colours), faultField, look, EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
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
    view.current?.dispatch({ effects: setFault.of(fault) });
  }, [fault]);
  useImperativeHandle(ref, () => ({
    insert: (text) => {
      view.current?.dispatch(view.current.state.replaceSelection(text));
      view.current?.focus();
    },
  }), []);
  return <div ref={place} />;
}
