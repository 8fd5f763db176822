// SPDX-License-Identifier: Apache-2.0
#include "store/store_copy_table.h"

#include "base/random.h"
#include "store/ledger.h"
#include "store/ledger_engine.h"
#include "store/store_internal.h"
#include "store_copy_sql.h"

#include <string.h>

code copied_table_describe(struct scope *scope, const char *name, struct copied_table *ret_table) {
    const bool is_sqlite = session_store(scope)->engine == &ledger_sqlite;
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct copied_table table = {.name = name};
    size_t capacity = 0;

    TRY(ledger_query(scope, is_sqlite ? sql_copy_columns_of_sqlite : sql_copy_columns_of_postgresql,
                     BINDS(BIND_STRING(name)), &rows));
    while (rows_next(rows)) {
        const int64_t place_in_key = rows_int64(rows, 1);

        if (table.column_count == capacity) {
            struct text *columns;

            capacity = capacity > 0 ? 2 * capacity : 16;
            columns = arena_array(&scope->arena, capacity, sizeof(*columns));
            if (table.column_count > 0)
                memcpy(columns, table.columns, table.column_count * sizeof(*columns));
            table.columns = columns;
        }
        if (place_in_key > TABLE_KEYS_MOST)
            return scope_fail(scope, INTERNAL, "the key of table %s has %d columns or more", name,
                              TABLE_KEYS_MOST + 1);
        if (place_in_key > 0) {
            table.keys[place_in_key - 1] = table.column_count;
            table.key_count++;
        }
        table.columns[table.column_count++] = text_copy(&scope->arena, rows_text(rows, 0));
    }
    TRY(rows_end(rows));
    *ret_table = table;
    return OK;
}

// ---- statements ----

static void add_columns(struct buffer *sql, const struct copied_table *table) {
    for (size_t i = 0; i < table->column_count; i++)
        buffer_printf(sql, "%s\"%.*s\"", i > 0 ? ", " : "", TEXT_ARG(table->columns[i]));
}

static void add_keys(struct buffer *sql, const struct copied_table *table, const char *behind) {
    for (size_t i = 0; i < table->key_count; i++)
        buffer_printf(sql, "%s\"%.*s\"%s", i > 0 ? ", " : "",
                      TEXT_ARG(table->columns[table->keys[i]]), behind);
}

static void add_condition(struct buffer *sql, const struct copied_table *table,
                          const char *comparison) {
    buffer_add_string(sql, " WHERE (");
    add_keys(sql, table, "");
    buffer_printf(sql, ") %s (", comparison);
    for (size_t i = 0; i < table->key_count; i++)
        buffer_printf(sql, "%s$%zu", i > 0 ? ", " : "", i + 1);
    buffer_add_char(sql, ')');
}

static struct binds place_binds(const struct copied_table *table, const struct table_place *place) {
    return place->is_behind ? (struct binds){.values = place->values, .count = table->key_count}
                            : NO_BINDS;
}

// The text lives as long as the scope: statements are kept by it.
static code select_rows(struct scope *scope, const struct copied_table *table,
                        const struct table_place *place, const char *comparison,
                        struct rows **ret_rows) {
    CLEANUP(buffer_clear) struct buffer sql = {0};

    buffer_add_string(&sql, "SELECT ");
    add_columns(&sql, table);
    buffer_printf(&sql, " FROM \"%s\"", table->name);
    if (place->is_behind)
        add_condition(&sql, table, comparison);
    if (table->key_count > 0) {
        buffer_add_string(&sql, " ORDER BY ");
        add_keys(&sql, table, "");
    }
    return ledger_query(scope, text_string(&scope->arena, buffer_text(&sql)),
                        place_binds(table, place), ret_rows);
}

static struct bind bind_of(struct scope *scope, const struct rows *rows, size_t column) {
    if (rows_column_type(rows, column) == ROW_TEXT)
        return BIND_TEXT(text_copy(&scope->arena, rows_text(rows, column)));
    return BIND_INT64(rows_int64(rows, column));
}

code copied_table_end(struct scope *scope, const struct copied_table *table,
                      struct table_place *ret_place) {
    CLEANUP(buffer_clear) struct buffer sql = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct table_place place = {0};

    buffer_add_string(&sql, "SELECT ");
    add_keys(&sql, table, "");
    buffer_printf(&sql, " FROM \"%s\" ORDER BY ", table->name);
    add_keys(&sql, table, " DESC");
    buffer_add_string(&sql, " LIMIT 1");
    TRY(ledger_query(scope, text_string(&scope->arena, buffer_text(&sql)), NO_BINDS, &rows));
    place.is_behind = rows_next(rows);
    for (size_t i = 0; place.is_behind && i < table->key_count; i++)
        place.values[i] = bind_of(scope, rows, i);
    TRY(rows_end(rows));
    *ret_place = place;
    return OK;
}

code copied_table_read(struct scope *scope, const struct copied_table *table,
                       const struct table_place *behind, struct rows **ret_rows) {
    return select_rows(scope, table, behind, ">", ret_rows);
}

// ---- sums ----

static uint64_t mix_bytes(uint64_t state, const char *bytes, size_t size) {
    uint64_t word;

    for (; size >= sizeof(word); bytes += sizeof(word), size -= sizeof(word)) {
        memcpy(&word, bytes, sizeof(word));
        state = random_mix(state ^ word);
    }
    word = 0;
    memcpy(&word, bytes, size);
    return random_mix(state ^ word ^ ((uint64_t)size << 56));
}

// A number is the same number whichever way a database keeps it; NULL is no empty text.
static uint64_t mix_value(uint64_t state, const struct rows *rows, size_t column) {
    const enum row_type type = rows_column_type(rows, column);
    struct text text;
    int64_t number;

    if (rows_is_null(rows, column))
        return random_mix(state + 1);
    if (type == ROW_INT64 || type == ROW_BOOL) {
        number = rows_int64(rows, column);
        return mix_bytes(random_mix(state + 2), (const char *)&number, sizeof(number));
    }
    text = rows_text(rows, column);
    return mix_bytes(random_mix(state + 3), text.data, text.size);
}

void table_sum_add(struct table_sum *sum, const struct rows *rows) {
    uint64_t state = 0;

    for (size_t i = 0; i < rows_column_count(rows); i++)
        state = mix_value(state, rows, i);
    sum->sum += state;
    sum->row_count++;
}

code copied_table_sum(struct scope *scope, const struct copied_table *table,
                      const struct table_place *up_to, struct table_sum *ret_sum) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct table_sum sum = {0};

    TRY(select_rows(scope, table, up_to, "<=", &rows));
    while (rows_next(rows)) {
        table_sum_add(&sum, rows);
        if (sum.row_count % 65536 == 0)
            TRY(scope_check(scope));
    }
    TRY(rows_end(rows));
    *ret_sum = sum;
    return OK;
}
