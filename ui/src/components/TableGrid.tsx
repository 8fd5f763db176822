// SPDX-License-Identifier: Apache-2.0
// The grid of DataTable: head, rows and total. Of more rows than WINDOW_FROM only those in sight
// are in the page. Arrow up and down go from link to link.
import { Anchor, Table as Grid } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, type KeyboardEvent } from "react";
import { Link } from "react-router-dom";
import type { Cell, Column, Table } from "@/api/client";
import { useFormat } from "@/format";
import { t } from "@/i18n";
import { headOf, isFigure, type ColumnView, type DataTableProps, type RowView, type Sort }
  from "./DataTable";
import classes from "./DataTable.module.css";

const WINDOW_FROM = 150;
const ROW_HEIGHT = 37; // px, as the style sheet has it
const USUAL_HEIGHT = 640; // px of a table with a window

interface Shown {
  column: Column;
  index: number;
  view: ColumnView | undefined;
}

interface TableGridProps extends DataTableProps {
  shown: readonly Shown[];
  rows: readonly Cell[][];
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
}

function viewOf(columns: readonly Column[], cells: readonly Cell[]): RowView {
  const value = (name: string) =>
    cells[columns.findIndex((column) => column.name === name)] ?? null;
  return { cells, value, text: (name) => String(value(name) ?? "") };
}

export function TableGrid(props: TableGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const isWindowed = props.rows.length > WINDOW_FROM;
  const window = useVirtualizer({
    count: props.rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    enabled: isWindowed,
  });
  const items = window.getVirtualItems();
  const first = isWindowed ? (items[0]?.index ?? 0) : 0;
  const last = isWindowed ? (items.at(-1)?.index ?? -1) : props.rows.length - 1;
  const above = isWindowed ? (items[0]?.start ?? 0) : 0;
  const below = isWindowed ? window.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  return (
    <div ref={scroller} className={classes.scroller} tabIndex={0} role="region"
         aria-label={t("common.scrollable", { name: props.name })}
         style={{ maxHeight: props.maxHeight ?? (isWindowed ? USUAL_HEIGHT : undefined) }}>
      <Grid highlightOnHover stickyHeader aria-rowcount={props.rows.length + 1}
            className={classes.table}>
        <Head {...props} />
        <Grid.Tbody onKeyDown={walk}>
          {above > 0 && <tr style={{ height: above }} aria-hidden />}
          {props.rows.slice(first, last + 1).map((cells, index) => (
            <Row key={first + index} {...props} cells={cells} place={first + index} />
          ))}
          {below > 0 && <tr style={{ height: below }} aria-hidden />}
        </Grid.Tbody>
        {props.total && <Total {...props} total={props.total} />}
      </Grid>
    </div>
  );
}

function Head({ shown, sort, onSort, actions }: TableGridProps) {
  return (
    <Grid.Thead>
      <Grid.Tr>
        {shown.map(({ column, view }) => (
          <HeadCell key={column.name} column={column} view={view} onSort={onSort}
                    sort={sort?.name === column.name ? sort : undefined} />
        ))}
        {actions && (
          <Grid.Th className={classes.actions}>
            <span className="heard">{t("common.actions")}</span>
          </Grid.Th>
        )}
      </Grid.Tr>
    </Grid.Thead>
  );
}

interface HeadCellProps {
  column: Column;
  view: ColumnView | undefined;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
}

// Figures first from the greatest down, words from A; the third time as the server had it.
function HeadCell({ column, view, sort, onSort }: HeadCellProps) {
  const isDescendingFirst = isFigure(column) || column.type === "instant" || column.type === "day";
  const head = headOf(column, view);
  const Arrow = !sort ? IconArrowsSort : sort.isDescending ? IconArrowDown : IconArrowUp;
  const next = !sort
    ? { name: column.name, isDescending: isDescendingFirst }
    : sort.isDescending === isDescendingFirst
      ? { name: column.name, isDescending: !isDescendingFirst }
      : undefined;

  return (
    <Grid.Th className={isFigure(column) ? classes.figure : undefined} scope="col"
             aria-sort={!sort ? "none" : sort.isDescending ? "descending" : "ascending"}>
      <button type="button" className={classes.sort} onClick={() => onSort(next)}
              title={t("common.sortBy", { column: head })} data-sorted={sort !== undefined}>
        <span>{head}</span>
        <Arrow size={13} aria-hidden />
      </button>
    </Grid.Th>
  );
}

function Row(props: TableGridProps & { cells: readonly Cell[]; place: number }) {
  const format = useFormat();
  const row = viewOf(props.table.columns, props.cells);
  const href = props.href?.(row);

  return (
    <Grid.Tr aria-rowindex={props.place + 2}>
      {props.shown.map(({ column, index, view }, place) => {
        const value = props.cells[index] ?? null;
        const content = view?.render ? view.render(value, row) : format.cell(value, column);
        return (
          <Grid.Td key={column.name} className={classOf(column)}>
            {place === 0 && href ? <Anchor component={Link} to={href}>{content}</Anchor> : content}
          </Grid.Td>
        );
      })}
      {props.actions && <Grid.Td className={classes.actions}>{props.actions(row)}</Grid.Td>}
    </Grid.Tr>
  );
}

function Total({ shown, total, actions }: TableGridProps & { total: Table }) {
  const format = useFormat();
  const row = viewOf(total.columns, total.rows[0] ?? []);

  return (
    <Grid.Tfoot>
      <Grid.Tr>
        {shown.map(({ column }) => {
          const same = total.columns.find(({ name }) => name === column.name);
          return (
            <Grid.Td key={column.name} className={isFigure(column) ? classes.figure : undefined}>
              {same ? format.cell(row.value(column.name), same) : ""}
            </Grid.Td>
          );
        })}
        {actions && <Grid.Td />}
      </Grid.Tr>
    </Grid.Tfoot>
  );
}

function classOf(column: Column): string | undefined {
  if (isFigure(column)) return classes.figure;
  return column.type === "text" ? undefined : classes.stamp;
}

function walk(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" } as const;
  const way = step[event.key as keyof typeof step];
  const row = (event.target as HTMLElement).closest("tr");
  const link = way && row?.[way]?.querySelector<HTMLElement>("a, button");

  if (!link) return;
  event.preventDefault();
  link.focus();
}
