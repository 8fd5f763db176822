// SPDX-License-Identifier: Apache-2.0
// Names and values under each other; those without a value are left out.
import { Text } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import classes from "./Facts.module.css";

export interface Fact {
  label: string;
  value: ReactNode;
  note?: string; // smaller, behind the value
}

export function Facts({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(({ value }) => value !== undefined && value !== null && value !== "");

  if (known.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {known.map(({ label, value, note }, place) => (
        <Fragment key={place}>
          <Text component="dt" size="sm" c="dimmed">{label}</Text>
          <Text component="dd" size="sm" m={0}>
            {value}
            {note && <Text span size="xs" c="dimmed"> {note}</Text>}
          </Text>
        </Fragment>
      ))}
    </dl>
  );
}
