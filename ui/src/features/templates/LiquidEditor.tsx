// SPDX-License-Identifier: Apache-2.0
// Where a template is written: Liquid in colours, what a template may name completed, the place of
// a fault underlined.
import { autocompletion, type CompletionContext } from "@codemirror/autocomplete";
import { StreamLanguage } from "@codemirror/language";
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, type DecorationSet } from "@codemirror/view";
import { useEffect, useRef, type Ref } from "react";
import { codeLook, useCodeEditor, type CodeEditorHandle } from "@/components/useCodeEditor";
import { offsetOf, placeIn, type Fault, type Vocabulary } from "./template";

export interface LiquidEditorProps {
  value: string;
  onChange: (value: string) => void;
  vocabulary: Vocabulary;
  fault: Fault | undefined; // of this part
  label: string;
  ref?: Ref<CodeEditorHandle>;
}

const look = [
  codeLook({ fontSize: "0.8125rem", minHeight: "14rem", maxHeight: "34rem" }),
  EditorView.theme({
    ".cm-fault": {
      textDecoration: "underline wavy var(--mantine-color-error)", textUnderlineOffset: "3px",
    },
    ".cm-fault-line": { backgroundColor: "var(--mantine-color-red-light)" },
  }),
];

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
  const latest = useRef(vocabulary);
  const { place, view } = useCodeEditor({
    value, onChange, label, ref,
    extensions: () => [
      autocompletion({ override: [(context) => complete(context, latest.current)] }),
      liquid, faultField, look,
    ],
  });

  latest.current = vocabulary;
  useEffect(() => {
    view.current?.dispatch({ effects: setFault.of(fault) });
  }, [fault]);
  return <div ref={place} />;
}
