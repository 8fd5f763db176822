// SPDX-License-Identifier: Apache-2.0
// A choice that stands in a sentence as the word it means: a native select, so that it works with
// every keyboard, screen reader and thumb.
import classes from "./Choice.module.css";

export interface ChoiceProps<Value extends string> {
  name: string; // what is chosen, for who does not see the sentence
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}

export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  return (
    <select className={classes.choice} aria-label={props.name} value={props.value}
            onChange={(event) => props.onChange(event.currentTarget.value as Value)}>
      {props.options.map(({ value, label }) => (
        <option key={value} value={value}>{label}</option>
      ))}
    </select>
  );
}

export function DayInput(props: {
  name: string; value: string | undefined; onChange: (value: string) => void;
}) {
  return (
    <input type="date" className={classes.choice} aria-label={props.name} value={props.value ?? ""}
           onChange={(event) => props.onChange(event.currentTarget.value)} />
  );
}
