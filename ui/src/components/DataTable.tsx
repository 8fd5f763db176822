// SPDX-License-Identifier: Apache-2.0
// Any table of the API: columns are written by their types, units stand in the head, figures to the
// right. Sorts what it was given, scrolls long tables a window at a time, downloads what it shows.
// It does not ask the server: paging and filters are the page's.
import { Button, Group, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMemo, useState, type ReactNode } from "react";
import type { Cell, Column, Table } from "@/api/client";
import { t } from "@/i18n";
import { downloadCsv } from "./csv";
import { TableGrid } from "./TableGrid";

// A row by the names of its columns: row.value("customer").
export interface RowView {
  readonly cells: readonly Cell[];
  value(name: string): Cell;
  text(name: string): string; // "" for null
}

export interface ColumnView {
  label?: string;
  isHidden?: boolean;
  render?: (value: Cell, row: RowView) => ReactNode; // otherwise by the column's type
}

export interface Sort {
  name: string;
  isDescending: boolean;
}

export interface DataTableProps {
  table: Table;
  name: string; // what the table holds, for screen readers and as the name of its file
  columns?: Readonly<Record<string, ColumnView>>; // what differs from the usual, by column name
  order?: readonly string[]; // the columns to show, in this order; otherwise all
  href?: (row: RowView) => string | undefined; // the first column links there
  actions?: (row: RowView) => ReactNode; // in a last column
  total?: Table; // one row with columns of the same names, under the others
  sort?: Sort; // at first; otherwise the server's order
  maxHeight?: number; // px before it scrolls within itself
  hasDownload?: boolean; // true unless told otherwise
  aside?: ReactNode; // beside the count of rows
}

const NO_VIEWS: NonNullable<DataTableProps["columns"]> = {};

export function DataTable(props: DataTableProps) {
  const { table, columns: views = NO_VIEWS, order } = props;
  const [sort, setSort] = useState(props.sort);
  const shown = useMemo(
    () => shownColumns(table.columns, views, order), [table.columns, views, order],
  );
  const rows = useMemo(() => sorted(table, sort), [table, sort]);

  if (table.rows.length === 0) return <Text c="dimmed">{t("common.noRows")}</Text>;
  return (
    <>
      <TableGrid {...props} shown={shown} rows={rows} sort={sort} onSort={setSort} />
      <Group justify="space-between" mt="xs" gap="xs" className="no-print">
        <Text size="sm" c="dimmed">
          {t("common.rowCount", { count: table.rows.length })}
          {props.aside}
        </Text>
        {(props.hasDownload ?? true) && (
          <Button variant="subtle" size="compact-sm" leftSection={<IconDownload size={16} />}
                  onClick={() => downloadCsv(props.name, shown.map(({ column, index }) =>
                    ({ label: headOf(column, views[column.name]), index, column })), rows)}>
            {t("common.download")}
          </Button>
        )}
      </Group>
    </>
  );
}

function shownColumns(
  columns: readonly Column[], views: NonNullable<DataTableProps["columns"]>,
  order: DataTableProps["order"],
) {
  const all = columns.map((column, index) => ({ column, index, view: views[column.name] }));
  const wanted = order?.flatMap((name) => all.find(({ column }) => column.name === name) ?? []);

  return (wanted ?? all).filter(({ view }) => !view?.isHidden);
}

export function headOf(column: Column, view: ColumnView | undefined): string {
  const label = view?.label ?? column.label;
  const isSaid = column.unit?.toLowerCase() === label.toLowerCase(); // "Customers" in customers
  return column.unit && !isSaid ? t("common.unit", { label, unit: column.unit }) : label;
}

export function isFigure(column: Column): boolean {
  return !["text", "id", "day", "instant", "bool"].includes(column.type);
}

function sorted(table: Table, sort: Sort | undefined): Cell[][] {
  const index = sort ? table.columns.findIndex(({ name }) => name === sort.name) : -1;

  if (!sort || index < 0) return table.rows;
  const collator = new Intl.Collator(undefined, { numeric: true });
  const way = sort.isDescending ? -1 : 1;
  // What is not known stands last, whichever way.
  return [...table.rows].sort((one, other) => {
    const [left, right] = [one[index] ?? null, other[index] ?? null];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return way * (typeof left === "number" && typeof right === "number"
      ? left - right
      : collator.compare(String(left), String(right)));
  });
}
