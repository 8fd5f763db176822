// SPDX-License-Identifier: Apache-2.0
// Filters that read as a sentence: words of the catalogue with controls in the places of its
// {names}, so that every language can put them in its own order.
//
//   <Sentence words="reports.salesSentence" parts={{ figure: <Choice … />, by: <Choice … /> }} />
import { Box } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import { t, type Key } from "@/i18n";
import classes from "./Choice.module.css";

export interface SentenceProps {
  words: Key;
  parts: Readonly<Record<string, ReactNode>>;
}

export function Sentence({ words, parts }: SentenceProps) {
  // What t is not told it leaves as it stands: every odd piece is the name of a part.
  const pieces = t(words).split(/\{(\w+)\}/);

  return (
    <Box className={`${classes.sentence} no-print`} role="group" aria-label={t("selection.name")}>
      {pieces.map((piece, index) => (
        <Fragment key={index}>{index % 2 === 1 ? parts[piece] : piece}</Fragment>
      ))}
    </Box>
  );
}
