// SPDX-License-Identifier: Apache-2.0
// Search as you type, restricted by filters. A page of the server may be short where words are very
// common or filters leave few: the next one is asked for until there is something to look at.
import { Anchor, Button, CloseButton, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFilterOff, IconSearch, IconUsers } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Link, useNavigate, useSearchParams } from "react-router-dom";
import { useTablePages, type TablePages } from "@/api/pages";
import { useMay } from "@/api/session";
import type { Table } from "@/api/client";
import {
  Answer, DataTable, EmptyState, LoadingTable, MoreButton, Page, PageHeader, Panel,
  useAddressState,
} from "@/components";
import { useCounted } from "@/features/segments/Preview";
import type { Tree } from "@/features/segments/tree";
import { t } from "@/i18n";
import { calledByNumber } from "./customer";
import { CustomerFilters } from "./CustomerFilters";
import { filtersIn, treeOfFilters, withFilters, type Filters } from "./filters";

const TYPING_MS = 120;
const FILTERING_MS = 250;
const ROWS = 25;
const TRIES = 20; // pages that may come empty before the reader is asked

export default function CustomersPage() {
  const [words, setWords] = useAddressState("q");
  const [filters, setFilters] = useFilters();
  const tree = useMemo(() => treeOfFilters(filters), [filters]);
  const [where] = useDebouncedValue(tree ? JSON.stringify(tree) : "", FILTERING_MS);
  const found = useTablePages("/api/v1/customers", { q: words.trim(), where },
                              { member: "customers", limit: ROWS });

  useFilled(found, `${words} ${where}`);
  return (
    <Page>
      <PageHeader title={t("customers.title")} sentence={t("customers.sentence")} />
      <Stack gap="sm">
        <SearchField words={words} onWords={setWords} first={firstOf(found.data)} />
        <CustomerFilters filters={filters} onChange={setFilters} />
      </Stack>
      <Panel>
        <Answer of={found} loading={<LoadingTable />}>
          {(table) => <Found table={table} words={words} tree={tree} hasMore={found.hasMore} />}
        </Answer>
        <MoreButton of={found} />
      </Panel>
    </Page>
  );
}

// They stand in the address, which follows a moment behind what is typed and ticked.
function useFilters(): [Filters, (filters: Filters) => void] {
  const [search, setSearch] = useSearchParams();
  const [filters, setFilters] = useState(() => filtersIn(search));
  const written = withFilters(new URLSearchParams(), filters).toString();
  const told = useRef(written);
  const there = withFilters(new URLSearchParams(), filtersIn(search)).toString();

  useEffect(() => {
    if (there === told.current) return;
    told.current = there;
    setFilters(filtersIn(search));
  }, [there, search]);
  return [filters, (next) => {
    setFilters(next);
    told.current = withFilters(new URLSearchParams(), next).toString();
    setSearch((former) => withFilters(former, next), { replace: true });
  }];
}

function firstOf(table: Table | undefined): string | undefined {
  const id = table?.rows[0]?.[0];
  return typeof id === "string" ? id : undefined;
}

function useFilled(found: TablePages, words: string): void {
  const tries = useRef(0);
  const { hasMore, isLoadingMore, isPlaceholderData, loadMore } = found;
  const isShort = (found.data?.rows.length ?? ROWS) < ROWS;

  useEffect(() => { tries.current = 0; }, [words]);
  useEffect(() => {
    if (!isShort || !hasMore || isLoadingMore || isPlaceholderData || tries.current > TRIES) return;
    tries.current += 1;
    loadMore();
  }, [isShort, hasMore, isLoadingMore, isPlaceholderData, loadMore]);
}

interface SearchFieldProps {
  words: string;
  onWords: (words: string) => void;
  first: string | undefined; // the first of those found: Enter goes there
}

function SearchField({ words, onWords, first }: SearchFieldProps) {
  const [typed, setTyped] = useState(words);
  const [settled] = useDebouncedValue(typed, TYPING_MS);
  const told = useRef(words);
  const navigate = useNavigate();

  // What was typed goes into the address; what somebody else put there comes into the field.
  useEffect(() => {
    if (settled === told.current) return;
    told.current = settled;
    onWords(settled);
  }, [settled, onWords]);
  useEffect(() => {
    if (words === told.current) return;
    told.current = words;
    setTyped(words);
  }, [words]);

  function press(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "Escape") setTyped("");
    if (event.key === "Enter" && first && typed === words) void navigate(`/customers/${first}`);
    if (event.key !== "ArrowDown") return;
    event.preventDefault();
    document.querySelector<HTMLElement>("tbody a")?.focus();
  }

  return (
    <TextInput value={typed} onChange={(event) => setTyped(event.target.value)} onKeyDown={press}
               size="md" type="text" role="searchbox" autoFocus autoComplete="off"
               aria-label={t("customers.searchLabel")} placeholder={t("customers.searchLabel")}
               leftSection={<IconSearch size={18} />}
               rightSection={typed && <CloseButton aria-label={t("common.clear")}
                                                   onClick={() => setTyped("")} />} />
  );
}

interface FoundProps {
  table: Table;
  words: string;
  tree: Tree | undefined; // of the filters
  hasMore: boolean;
}

// How many there are, which the list itself does not know.
function Filtered({ tree }: { tree: Tree }) {
  const { data } = useCounted(tree);
  const may = useMay();
  const segment = new URLSearchParams({ definition: JSON.stringify(tree) });

  return (
    <Group justify="space-between" mb="xs" gap="xs">
      <Text size="sm" c="dimmed" aria-live="polite" data-testid="filtered-count">
        {data
          ? t("customers.filtered", { count: data.count }) : t("segments.counting")}
      </Text>
      {may("change_segments") && (
        <Anchor component={Link} size="sm" to={`/analyze/segments/new?${segment}`}>
          {t("customers.toSegment")}
        </Anchor>
      )}
    </Group>
  );
}

function Found({ table, words, tree, hasMore }: FoundProps) {
  const may = useMay();
  const count = table.rows.length;

  if (count === 0 && tree)
    return <EmptyState icon={IconFilterOff} title={t("customers.noFiltered")}
                       sentence={t("customers.noFilteredHint")} />;
  if (count === 0 && words !== "")
    return <EmptyState icon={IconSearch} title={t("customers.noMatch")}
                       sentence={t("customers.noMatchHint")} />;
  if (count === 0)
    return (
      <EmptyState icon={IconUsers} title={t("customers.none")} sentence={t("customers.noneHint")}>
        {may("import") && (
          <Button component={Link} to="/plug/imports/new">{t("customers.importFile")}</Button>
        )}
      </EmptyState>
    );
  return (
    <>
      {tree && words === "" && <Filtered tree={tree} />}
      {(!tree || words !== "") && <Text size="sm" c="dimmed" mb="xs" aria-live="polite">
        {words === "" ? t("customers.newest")
          : hasMore ? t("customers.foundMore", { count }) : t("customers.found", { count })}
      </Text>}
      <DataTable table={table} name={t("customers.title")}
                 href={(row) => `/customers/${row.text("id")}`}
                 order={["name", "number", "city", "country", "receipts", "revenue_gross",
                         "last_purchase"]}
                 columns={{
                   name: {
                     render: (value, row) =>
                       String(value ?? calledByNumber(row.text("number"))),
                   },
                 }} />
    </>
  );
}
