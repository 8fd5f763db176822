// SPDX-License-Identifier: Apache-2.0
// What every report has: its title, the sentence of filters, and a word in place of the numbers
// where there is nothing to report on.
import { Button, Paper } from "@mantine/core";
import { IconReceipt } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router-dom";
import { EmptyState, Page, PageHeader } from "@/components";
import { Sentence, type SentenceProps } from "@/features/selection/Sentence";
import type { Selection } from "@/features/selection/useSelection";
import { t } from "@/i18n";

export interface ReportPageProps {
  title: string;
  sentence: string;
  filters: SentenceProps;
  selection: Selection;
  actions?: ReactNode;
  children: ReactNode;
}

export function ReportPage({ title, sentence, filters, selection, actions, children }:
                           ReportPageProps) {
  return (
    <Page width="wide">
      <PageHeader title={title} sentence={sentence}>{actions}</PageHeader>
      {selection.isEmpty
        ? (
          <EmptyState icon={IconReceipt} title={t("selection.emptyTitle")}
                      sentence={t("selection.emptySentence")}>
            <Button component={Link} to="/plug/imports/new">{t("selection.emptyStep")}</Button>
          </EmptyState>
        )
        : (
          <>
            <Paper px="md" py={6}><Sentence {...filters} /></Paper>
            {children}
          </>
        )}
    </Page>
  );
}

/** In place of a picture and table without rows. */
export function NothingSelected({ selection }: { selection: Selection }) {
  return (
    <EmptyState icon={IconReceipt} title={t("selection.nothingTitle")}
                sentence={t("selection.nothingSentence")}>
      <Button variant="default" onClick={() => selection.change({ preset: "all", filters: [] })}>
        {t("selection.showAll")}
      </Button>
    </EmptyState>
  );
}
