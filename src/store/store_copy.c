// SPDX-License-Identifier: Apache-2.0
// A table is copied in the order of its key, so what an interrupted copy left is the beginning of
// it: the sums of that beginning on both sides say whether it is, and the rest follows.
#include "store/store_copy.h"

#include "base/progress.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/ledger_copy.h"
#include "store/store_copy_writer.h"
#include "store/store_internal.h"

#include <string.h>

enum { PIECE_ROWS = 20000 };

// A ledger's own book-keeping: it was made with the target.
static bool is_left_out(const char *name) {
    return strcmp(name, "migration") == 0 || strcmp(name, "schema_version") == 0;
}

// A new ledger has rows here already. They are few, and the source's take their place.
static bool is_replaced(const struct copied_table *table) {
    static const char *const names[] = {"setting", "consent_purpose", "consent_purpose_version"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(table->name, names[i]) == 0)
            return true;
    return table->key_count == 0;
}

struct copy {
    struct scope *from, *to;
    int64_t total, done; // rows
    int64_t present;
};

// What went wrong in the source's scope is told in the target's.
static code fail_of_source(struct copy *copy) {
    const struct failure *failure = &copy->from->failure;

    if (failure->code == OK)
        return copy->to->failure.code;
    scope_fail(copy->to, failure->code, "reading the source: %s", failure->message);
    scope_detail(copy->to, "%s", failure->detail);
    return scope_hint(copy->to, "%s", failure->hint);
}

static code report(struct copy *copy, const char *stage) {
    progress_report(copy->to->progress, stage, copy->done, copy->total, "rows");
    return scope_check(copy->to);
}

// ---- one table ----

static code copy_rows(struct copy *copy, struct rows *rows, struct copy_writer *writer,
                      const char *stage) {
    int64_t count = 0;

    while (rows_next(rows)) {
        TRY(copy_writer_add(writer, rows));
        copy->done++;
        if (++count % PIECE_ROWS == 0) {
            TRY(copy_writer_commit(writer));
            TRY(report(copy, stage));
        }
    }
    if (rows_end(rows) != OK)
        return fail_of_source(copy);
    TRY(copy_writer_commit(writer));
    return report(copy, stage);
}

static code fail_other_rows(struct scope *scope, const char *table) {
    scope_fail(scope, CONFLICT, "table %s of the target holds rows that are not the source's",
               table);
    return scope_hint(scope, "copy into a new store");
}

// *ret_place is where the rows that are there end; they are the source's.
static code find_place(struct copy *copy, const struct copied_table *table,
                       struct table_place *ret_place) {
    struct table_sum present = {0}, expected = {0};

    TRY(copied_table_end(copy->to, table, ret_place));
    if (!ret_place->is_behind)
        return OK;
    TRY(copied_table_sum(copy->to, table, ret_place, &present));
    if (copied_table_sum(copy->from, table, ret_place, &expected) != OK)
        return fail_of_source(copy);
    if (present.row_count != expected.row_count || present.sum != expected.sum)
        return fail_other_rows(copy->to, table->name);
    copy->present += present.row_count;
    copy->done += present.row_count;
    return OK;
}

static code copy_table(struct copy *copy, const struct copied_table *table) {
    const enum copy_writer_mode mode = is_replaced(table) ? COPY_REPLACE : COPY_ADD;
    const char *stage = arena_printf(&copy->to->arena, "copying %s", table->name);
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct copy_writer *writer = NULL;
    struct table_place place = {0};
    code result;

    if (mode == COPY_ADD)
        TRY(find_place(copy, table, &place));
    if (copied_table_read(copy->from, table, &place, &rows) != OK)
        return fail_of_source(copy);
    result = copy_writer_open(copy->to, table, mode, &writer);
    if (result == OK)
        result = copy_rows(copy, rows, writer, stage);
    copy_writer_close(writer);
    return result;
}

static code compare_table(struct copy *copy, const struct copied_table *table) {
    const struct table_place all = {0};
    struct table_sum source, target;

    if (copied_table_sum(copy->from, table, &all, &source) != OK)
        return fail_of_source(copy);
    TRY(copied_table_sum(copy->to, table, &all, &target));
    if (source.row_count != target.row_count || source.sum != target.sum)
        return fail_other_rows(copy->to, table->name);
    copy->done += source.row_count;
    return report(copy, "comparing");
}

// ---- all of them ----

// "setting" comes first: the lake's days are of its zone. "change" comes last: it tells of rows.
static int rank_of(const struct copied_table *table) {
    return strcmp(table->name, "setting") == 0 ? 0 : strcmp(table->name, "change") == 0 ? 2 : 1;
}

static code list_tables(struct copy *copy, struct copied_table **ret_tables, size_t *ret_count) {
    struct table_count *counts;
    struct copied_table *tables;
    size_t table_count, count = 0;

    if (ledger_count_tables(copy->from, &counts, &table_count) != OK)
        return fail_of_source(copy);
    tables = arena_array(&copy->to->arena, table_count, sizeof(*tables));
    for (int rank = 0; rank <= 2; rank++)
        for (size_t i = 0; i < table_count; i++) {
            const char *name = text_string(&copy->to->arena, counts[i].table);
            struct copied_table in_target;

            if (is_left_out(name) || rank_of(&(struct copied_table){.name = name}) != rank)
                continue;
            TRY(copied_table_describe(copy->to, name, &in_target));
            if (in_target.column_count == 0)
                continue; // what a database keeps for itself
            tables[count++] = in_target;
            copy->total += counts[i].row_count;
        }
    *ret_tables = tables;
    *ret_count = count;
    return OK;
}

static code copy_tables(struct copy *copy, const struct copied_table *tables, size_t count) {
    const bool has_lake = store_owns_lake(session_store(copy->to));

    for (size_t i = 0; i < count; i++) {
        TRY(copy_table(copy, &tables[i]));
        if (has_lake && rank_of(&tables[i]) == 0)
            TRY(lake_rebuild(copy->to)); // of nothing yet, in the zone that was copied
    }
    copy->done = 0;
    for (size_t i = 0; i < count; i++)
        TRY(compare_table(copy, &tables[i]));
    return has_lake ? lake_rebuild(copy->to) : OK;
}

code store_copy(struct scope *from, struct scope *to, struct store_copy_summary *ret_summary) {
    struct copy copy = {.from = from, .to = to};
    struct copied_table *tables = NULL;
    size_t count = 0;

    TRY(list_tables(&copy, &tables, &count));
    TRY(copy_tables(&copy, tables, count));
    *ret_summary = (struct store_copy_summary){
        .table_count = count, .row_count = copy.total, .present_count = copy.present};
    return OK;
}
