// SPDX-License-Identifier: Apache-2.0
// The lists of products, stores and staff: by code, searched on the server, page by page.
import { Button, CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch, type Icon } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Link } from "react-router-dom";
import { useTablePages } from "@/api/pages";
import { useMay } from "@/api/session";
import {
  Answer, DataTable, EmptyState, LoadingTable, MoreButton, Page, PageHeader, Panel,
  useAddressState,
} from "@/components";
import { t } from "@/i18n";

export interface CatalogueListProps {
  noun: "products" | "stores" | "staff"; // in addresses of the API and of pages
  title: string;
  sentence: string;
  icon: Icon;
  order: readonly string[]; // columns
}

export function CatalogueList({ noun, title, sentence, icon, order }: CatalogueListProps) {
  const [words, setWords] = useAddressState("q");
  const found = useTablePages(`/api/v1/${noun}`, { q: words.trim() }, { member: noun });

  return (
    <Page>
      <PageHeader title={title} sentence={sentence} />
      <Words words={words} onWords={setWords} />
      <Panel>
        <Answer of={found} loading={<LoadingTable />}>
          {(table) => table.rows.length === 0
            ? <Nothing icon={icon} isSearched={words !== ""} />
            : <DataTable table={table} name={title} order={order}
                         columns={{
                           name: { render: (value, row) => String(value ?? row.text("code")) },
                         }}
                         href={(row) => `/${noun}/${encodeURIComponent(row.text("code"))}`} />}
        </Answer>
        <MoreButton of={found} />
      </Panel>
    </Page>
  );
}

function Words({ words, onWords }: { words: string; onWords: (words: string) => void }) {
  const [typed, setTyped] = useState(words);
  const tell = useDebouncedCallback(onWords, 150);
  const change = (value: string) => {
    setTyped(value);
    tell(value);
  };

  useEffect(() => setTyped(words), [words]);
  return (
    <TextInput value={typed} onChange={(event) => change(event.target.value)} maw={480}
               role="searchbox" autoComplete="off" aria-label={t("catalogue.search")}
               placeholder={t("catalogue.search")} leftSection={<IconSearch size={16} />}
               onKeyDown={(event) => event.key === "Escape" && change("")}
               rightSection={typed && <CloseButton aria-label={t("common.clear")}
                                                   onClick={() => change("")} />} />
  );
}

function Nothing({ icon, isSearched }: { icon: Icon; isSearched: boolean }) {
  const may = useMay();

  if (isSearched)
    return <EmptyState icon={IconSearch} title={t("catalogue.noMatch")}
                       sentence={t("catalogue.noMatchHint")} />;
  return (
    <EmptyState icon={icon} title={t("catalogue.none")} sentence={t("catalogue.noneHint")}>
      {may("import") && (
        <Button component={Link} to="/plug/imports/new">{t("catalogue.importFile")}</Button>
      )}
    </EmptyState>
  );
}
