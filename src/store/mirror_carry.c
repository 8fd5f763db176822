// SPDX-License-Identifier: Apache-2.0
// A piece of the change log becomes one transaction of the lake, its watermark within: a crash
// repeats nothing and skips nothing. The rows are fetched in their present state, not in that of
// the change: rows that changed again later are carried again later, and nothing depends on how
// often.
#include "store/mirror_carry.h"

#include "base/progress.h"
#include "lake_schema_sql.h"
#include "mirror_sql.h"
#include "store/lake_writer.h"
#include "store/ledger.h"
#include "store/mirror_table.h"
#include "store/model_input.h"
#include "store/setting.h"
#include "store/store_internal.h"

#include <stdlib.h>

enum {
    PIECE_ROWS = 2 * 122880, // two of DuckDB's row groups: memory stays flat, groups stay full
    PIECE_CHANGES = 200000,  // entries of the change log
    SHORT_RANGE = 32,        // ids
    VERSION_UNFINISHED = 0,
};

struct carrier {
    struct lake_writer *writer;
    struct zone *zone;
    bool is_complete; // else a rebuild has begun and not ended
    int64_t watermark;
    int64_t largest[MIRROR_TABLES_LARGEST]; // no key in the lake's table is larger
};

// What changed, by table of the log, and what follows from it.
struct piece {
    struct id_ranges changed[CHANGE_TABLE_LAST + 1];
    int64_t watermark;
    size_t change_count;
    bool more;
};

code carrier_open(struct scope *scope, struct lake *lake, struct carrier **ret_carrier) {
    struct carrier *carrier = calloc(1, sizeof(*carrier));

    if (!carrier)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    if (lake_writer_open(scope, lake, &carrier->writer) != OK) {
        carrier_close(carrier);
        return scope->failure.code;
    }
    *ret_carrier = carrier;
    return OK;
}

void carrier_close(struct carrier *carrier) {
    if (!carrier)
        return;
    lake_writer_close(carrier->writer);
    zone_free(carrier->zone);
    free(carrier);
}

int64_t carrier_watermark(const struct carrier *carrier) {
    return carrier->is_complete ? carrier->watermark : -1;
}

static code open_zone(struct scope *scope, struct carrier *carrier, struct text *ret_name) {
    struct settings settings;

    TRY(settings_load(scope, &settings));
    zone_free(TAKE(carrier->zone));
    TRY(zone_open(scope, settings.zone, &carrier->zone));
    *ret_name = settings.zone;
    return OK;
}

static code load_largest(struct scope *scope, struct carrier *carrier) {
    for (size_t i = 0; i < mirror_table_count; i++) {
        CLEANUP(rows_close) struct rows *rows = NULL;

        TRY(lake_writer_query(scope, carrier->writer, mirror_tables[i].largest, NO_BINDS, &rows));
        carrier->largest[i] =
            rows_next(rows) && !rows_is_null(rows, 0) ? rows_int64(rows, 0) : INT64_MIN;
        TRY(rows_end(rows));
    }
    return OK;
}

// ---- is the lake of any use? ----

// The log must still hold everything behind the watermark, and nothing of the lake may be ahead of
// it.
static code fits_log(struct scope *scope, int64_t watermark, bool *ret_fits) {
    int64_t oldest, newest;

    TRY(ledger_int64(scope, sql_mirror_oldest_change, NO_BINDS, 0, &oldest));
    TRY(ledger_int64(scope, sql_mirror_newest_change, NO_BINDS, 0, &newest));
    *ret_fits = watermark >= oldest && watermark <= newest;
    return OK;
}

static code read_state(struct scope *scope, struct carrier *carrier, struct text zone,
                       bool *ret_usable) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool exists;

    TRY(lake_writer_query(scope, carrier->writer, sql_lake_state_exists, NO_BINDS, &rows));
    exists = rows_next(rows) && rows_int64(rows, 0) > 0;
    TRY(rows_end(rows));
    rows_close(&rows);
    *ret_usable = false;
    if (!exists)
        return OK;
    TRY(lake_writer_query(scope, carrier->writer, sql_lake_state_find, NO_BINDS, &rows));
    if (rows_next(rows)) {
        *ret_usable = rows_int64(rows, 0) == LAKE_VERSION && text_equal(rows_text(rows, 1), zone);
        carrier->watermark = rows_int64(rows, 2);
    }
    return rows_end(rows);
}

code carrier_resume(struct scope *scope, struct carrier *carrier, bool *ret_usable) {
    struct text zone;
    bool usable;

    TRY(open_zone(scope, carrier, &zone));
    TRY(read_state(scope, carrier, zone, &usable));
    if (usable)
        TRY(fits_log(scope, carrier->watermark, &usable));
    if (usable)
        TRY(load_largest(scope, carrier));
    carrier->is_complete = usable;
    *ret_usable = usable;
    return OK;
}

// ---- what changed ----

// Rows that a change brings, so that pieces are of like size. One row is taken for one.
static code weigh(struct scope *scope, int64_t table, int64_t first, int64_t last,
                  int64_t *weight) {
    *weight += 1;
    if (first == last)
        return OK;
    for (size_t i = 0; i < mirror_table_count; i++) {
        int64_t rows;

        if ((int64_t)mirror_tables[i].change != table)
            continue;
        TRY(ledger_int64(scope, mirror_tables[i].count, BINDS(BIND_INT64(first), BIND_INT64(last)),
                         0, &rows));
        *weight += rows;
    }
    return OK;
}

static code collect(struct scope *scope, int64_t watermark, struct piece *piece) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t weight = 0;

    TRY(ledger_query(scope, sql_mirror_changes, BINDS(BIND_INT64(watermark)), &rows));
    while (rows_next(rows)) {
        const int64_t table = rows_int64(rows, 1);
        const int64_t first = rows_int64(rows, 3), last = rows_int64(rows, 4);

        if (weight >= PIECE_ROWS || piece->change_count >= PIECE_CHANGES) {
            piece->more = true;
            break;
        }
        if (table < CHANGE_CUSTOMER || table > CHANGE_TABLE_LAST)
            return scope_fail(scope, INTERNAL,
                              "a change names table %d, which the mirror does not know",
                              (int)table);
        id_ranges_add(&scope->arena, &piece->changed[table], first, last);
        TRY(weigh(scope, table, first, last, &weight));
        piece->watermark = rows_int64(rows, 0);
        piece->change_count++;
    }
    return rows_end(rows);
}

static code add_ids(struct scope *scope, struct rows *rows, struct id_ranges *ranges) {
    while (rows_next(rows)) {
        const int64_t id = rows_int64(rows, 0);

        id_ranges_add(&scope->arena, ranges, id, id);
    }
    return rows_end(rows);
}

static code add_customers_of(struct scope *scope, const char *sql, const struct id_ranges *changed,
                             struct id_ranges *customers) {
    for (size_t i = 0; i < changed->count; i++) {
        CLEANUP(rows_close) struct rows *rows = NULL;
        const struct id_range range = changed->items[i];

        TRY(ledger_query(scope, sql, BINDS(BIND_INT64(range.first), BIND_INT64(range.last)),
                         &rows));
        TRY(add_ids(scope, rows, customers));
    }
    return OK;
}

// Each statement is a scan, so the ids of short ranges go together in one.
static bool is_short(struct id_range range) {
    return range.last - range.first < SHORT_RANGE;
}

static size_t count_short(const struct id_ranges *ranges, int64_t largest) {
    size_t count = 0;

    for (size_t i = 0; i < ranges->count && ranges->items[i].first <= largest; i++)
        if (is_short(ranges->items[i]))
            count += (size_t)(ranges->items[i].last - ranges->items[i].first + 1);
    return count;
}

// Keys above `largest` are not in the lake and left out.
static code delete_keys(struct scope *scope, struct carrier *carrier,
                        const struct mirror_table *table, const struct id_ranges *ranges,
                        int64_t largest) {
    int64_t *ids = arena_array(&scope->arena, count_short(ranges, largest), sizeof(*ids));
    size_t count = 0;

    for (size_t i = 0; i < ranges->count && ranges->items[i].first <= largest; i++) {
        const struct id_range range = ranges->items[i];

        if (!is_short(range))
            TRY(lake_writer_exec(scope, carrier->writer, table->delete_range,
                                 BINDS(BIND_INT64(range.first), BIND_INT64(range.last))));
        for (int64_t id = range.first; is_short(range) && id <= range.last; id++)
            ids[count++] = id;
    }
    if (count == 0)
        return OK;
    return lake_writer_exec_ids(scope, carrier->writer, table->delete_keys, ids, count);
}

static code append_keys(struct scope *scope, struct carrier *carrier,
                        const struct mirror_table *table, const struct id_ranges *ranges) {
    TRY(lake_append_begin(scope, carrier->writer, table->name, table->instant_column,
                          carrier->zone));
    for (size_t i = 0; i < ranges->count; i++) {
        CLEANUP(rows_close) struct rows *rows = NULL;
        const struct id_range range = ranges->items[i];
        int64_t count;

        TRY(ledger_query(scope, table->select,
                         BINDS(BIND_INT64(range.first), BIND_INT64(range.last)), &rows));
        TRY(lake_append_rows(scope, carrier->writer, rows, INT64_MAX, &count));
    }
    return lake_append_end(scope, carrier->writer);
}

static code add_former_customers(struct scope *scope, struct carrier *carrier,
                                 const struct id_ranges *aliases, struct id_ranges *customers) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t *singles = arena_array(&scope->arena, aliases->count, sizeof(*singles));
    size_t single_count = 0;

    for (size_t i = 0; i < aliases->count; i++) {
        const struct id_range range = aliases->items[i];

        if (range.first == range.last) {
            singles[single_count++] = range.first;
            continue;
        }
        TRY(lake_writer_query(scope, carrier->writer, sql_mirror_former_customers_range,
                              BINDS(BIND_INT64(range.first), BIND_INT64(range.last)), &rows));
        TRY(add_ids(scope, rows, customers));
        rows_close(&rows);
    }
    TRY(lake_writer_query_ids(scope, carrier->writer, sql_mirror_former_customers, singles,
                              single_count, &rows));
    return add_ids(scope, rows, customers);
}

// A customer's row depends on its identifiers and on the origins that became this customer, and an
// alias that changed touches the customer that was and the one that is.
static code add_dependents(struct scope *scope, struct carrier *carrier, struct piece *piece) {
    const struct id_ranges *aliases = &piece->changed[CHANGE_ALIAS];
    struct id_ranges *customers = &piece->changed[CHANGE_CUSTOMER];

    TRY(add_customers_of(scope, sql_mirror_customers_of_identifiers,
                         &piece->changed[CHANGE_IDENTIFIER], customers));
    if (aliases->count == 0)
        return OK;
    for (size_t i = 0; i < aliases->count; i++)
        id_ranges_add(&scope->arena, customers, aliases->items[i].first, aliases->items[i].last);
    TRY(add_customers_of(scope, sql_mirror_customers_of_aliases, aliases, customers));
    return add_former_customers(scope, carrier, aliases, customers);
}

// ---- carrying ----

static code apply(struct scope *scope, struct carrier *carrier, struct piece *piece) {
    for (size_t i = 0; i <= CHANGE_TABLE_LAST; i++)
        id_ranges_normalise(&piece->changed[i]);
    TRY(add_dependents(scope, carrier, piece));
    id_ranges_normalise(&piece->changed[CHANGE_CUSTOMER]);
    for (size_t i = 0; i < mirror_table_count; i++) {
        const struct id_ranges *ranges = &piece->changed[mirror_tables[i].change];

        if (ranges->count == 0)
            continue;
        TRY(delete_keys(scope, carrier, &mirror_tables[i], ranges, carrier->largest[i]));
        TRY(append_keys(scope, carrier, &mirror_tables[i], ranges));
    }
    return lake_writer_exec(scope, carrier->writer, sql_lake_state_advance,
                            BINDS(BIND_INT64(piece->watermark)));
}

static code apply_in_transaction(struct scope *scope, struct carrier *carrier,
                                 struct piece *piece) {
    TRY(lake_writer_exec(scope, carrier->writer, "BEGIN", NO_BINDS));
    if (apply(scope, carrier, piece) == OK &&
        lake_writer_exec(scope, carrier->writer, "COMMIT", NO_BINDS) == OK)
        return OK;
    lake_append_abandon(carrier->writer);
    lake_writer_rollback(carrier->writer);
    return scope->failure.code;
}

static void raise_largest(struct carrier *carrier, const struct piece *piece) {
    for (size_t i = 0; i < mirror_table_count; i++) {
        const struct id_ranges *ranges = &piece->changed[mirror_tables[i].change];

        if (ranges->count > 0 && ranges->items[ranges->count - 1].last > carrier->largest[i])
            carrier->largest[i] = ranges->items[ranges->count - 1].last;
    }
}

static code carry_snapshot(struct scope *scope, struct carrier *carrier, struct piece *piece) {
    TRY(collect(scope, carrier->watermark, piece));
    if (piece->change_count == 0)
        return OK;
    TRY(apply_in_transaction(scope, carrier, piece));
    raise_largest(carrier, piece);
    carrier->watermark = piece->watermark;
    return OK;
}

code carrier_carry(struct scope *scope, struct carrier *carrier, bool *ret_more) {
    const struct arena_mark mark = arena_mark(&scope->arena);
    struct piece piece = {0};
    code result;

    if (!carrier->is_complete)
        TRY(carrier_rebuild(scope, carrier));
    TRY(ledger_begin_snapshot(scope));
    result = carry_snapshot(scope, carrier, &piece);
    ledger_rollback(scope);
    arena_rewind(&scope->arena, mark);
    *ret_more = piece.more;
    return result;
}

code carrier_forget_changes(struct scope *scope, const struct carrier *carrier) {
    return ledger_exec(scope, sql_mirror_forget_changes,
                       BINDS(BIND_INT64(carrier->watermark), BIND_INT64(change_kept_from())));
}

// ---- rebuilding ----

static code create_inputs(struct scope *scope, struct carrier *carrier) {
    for (size_t i = 0; i < MODEL_INPUTS; i++) {
        CLEANUP(buffer_clear) struct buffer view = {0};

        model_input_write_view(i, &view);
        TRY(lake_writer_exec(scope, carrier->writer, buffer_string(&view), NO_BINDS));
    }
    return OK;
}

static code create_tables(struct scope *scope, struct carrier *carrier, struct text zone) {
    TRY(lake_writer_exec(scope, carrier->writer, "DROP TABLE IF EXISTS lake_state", NO_BINDS));
    for (size_t i = 0; i < mirror_table_count; i++)
        TRY(lake_writer_exec(
            scope, carrier->writer,
            arena_printf(&scope->arena, "DROP TABLE IF EXISTS %s", mirror_tables[i].name),
            NO_BINDS));
    TRY(lake_writer_script(scope, carrier->writer, sql_lake_create));
    TRY(create_inputs(scope, carrier));
    return lake_writer_exec(scope, carrier->writer, sql_lake_state_insert,
                            BINDS(BIND_INT64(VERSION_UNFINISHED), BIND_TEXT(zone)));
}

static code count_rows(struct scope *scope, int64_t *ret_total) {
    const struct binds everything = BINDS(BIND_INT64(INT64_MIN), BIND_INT64(INT64_MAX));
    int64_t total = 0, count;

    for (size_t i = 0; i < mirror_table_count; i++) {
        TRY(ledger_int64(scope, mirror_tables[i].count, everything, 0, &count));
        total += count;
    }
    *ret_total = total;
    return OK;
}

static code fill_table(struct scope *scope, struct carrier *carrier,
                       const struct mirror_table *table, int64_t *done, int64_t total) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    int64_t count;

    TRY(ledger_query(scope, table->select, BINDS(BIND_INT64(INT64_MIN), BIND_INT64(INT64_MAX)),
                     &rows));
    do {
        TRY(scope_check(scope));
        // Each piece commits itself: nothing reads a lake whose version is that of an unfinished
        // one.
        TRY(lake_append_begin(scope, carrier->writer, table->name, table->instant_column,
                              carrier->zone));
        TRY(lake_append_rows(scope, carrier->writer, rows, PIECE_ROWS, &count));
        TRY(lake_append_end(scope, carrier->writer));
        *done += count;
        progress_report(scope->progress, "rebuilding the lake", *done, total, "rows");
    } while (count == PIECE_ROWS);
    return OK;
}

// All tables come from one state of the ledger, and so does the watermark.
static code fill(struct scope *scope, struct carrier *carrier) {
    int64_t total, watermark, done = 0;

    TRY(ledger_int64(scope, sql_mirror_newest_change, NO_BINDS, 0, &watermark));
    TRY(count_rows(scope, &total));
    for (size_t i = 0; i < mirror_table_count; i++)
        TRY(fill_table(scope, carrier, &mirror_tables[i], &done, total));
    TRY(lake_writer_exec(scope, carrier->writer, sql_lake_state_complete,
                         BINDS(BIND_INT64(LAKE_VERSION), BIND_INT64(watermark))));
    carrier->watermark = watermark;
    return OK;
}

code carrier_rebuild(struct scope *scope, struct carrier *carrier) {
    struct text zone;

    carrier->is_complete = false;
    TRY(open_zone(scope, carrier, &zone));
    TRY(create_tables(scope, carrier, zone));
    TRY(ledger_begin_snapshot(scope));
    if (fill(scope, carrier) != OK)
        lake_append_abandon(carrier->writer);
    ledger_rollback(scope);
    if (scope->failure.code != OK)
        return scope->failure.code;
    TRY(load_largest(scope, carrier));
    carrier->is_complete = true;
    return OK;
}
