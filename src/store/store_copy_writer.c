// SPDX-License-Identifier: Apache-2.0
#include "store/store_copy_writer.h"

#include "store/ledger.h"
#include "store/ledger_postgresql.h"
#include "store/postgresql_connection.h"
#include "store/store_internal.h"

#include <stdlib.h>

enum { SEND_AT_BYTES = 1 << 18 };

struct copy_writer {
    struct scope *scope;
    const struct copied_table *table;
    enum copy_writer_mode mode;
    bool is_open;       // something was added since the last commit
    const char *insert; // SQLite
    struct bind *values;
    PGconn *connection; // PostgreSQL
    struct buffer out;
};

static const char *list_columns(struct scope *scope, const struct copied_table *table) {
    CLEANUP(buffer_clear) struct buffer list = {0};

    for (size_t i = 0; i < table->column_count; i++)
        buffer_printf(&list, "%s\"%.*s\"", i > 0 ? ", " : "", TEXT_ARG(table->columns[i]));
    return text_string(&scope->arena, buffer_text(&list));
}

static const char *delete_sql(const struct copy_writer *writer) {
    return arena_printf(&writer->scope->arena, "DELETE FROM \"%s\"", writer->table->name);
}

// ---- PostgreSQL ----

static code connect(struct copy_writer *writer) {
    struct store *store = session_store(writer->scope);

    return postgresql_connect(writer->scope, store->postgresql, POSTGRESQL_SCHEMA,
                              &writer->connection);
}

static code begin_copy(struct copy_writer *writer) {
    struct scope *scope = writer->scope;

    TRY(postgresql_run(scope, writer->connection, "BEGIN"));
    if (writer->mode == COPY_REPLACE)
        TRY(postgresql_run(scope, writer->connection, delete_sql(writer)));
    return postgresql_begin_copy(scope, writer->connection,
                                 arena_printf(&scope->arena, "COPY \"%s\" (%s) FROM STDIN",
                                              writer->table->name,
                                              list_columns(scope, writer->table)));
}

static void add_escaped(struct buffer *out, struct text text) {
    for (size_t i = 0; i < text.size; i++) {
        const char byte = text.data[i];

        if (byte == '\\' || byte == '\t' || byte == '\n' || byte == '\r')
            buffer_add_char(out, '\\');
        buffer_add_char(out, byte == '\t' ? 't' : byte == '\n' ? 'n' : byte == '\r' ? 'r' : byte);
    }
}

static code add_to_copy(struct copy_writer *writer, const struct rows *rows) {
    struct buffer *out = &writer->out;

    for (size_t i = 0; i < writer->table->column_count; i++) {
        const struct text text = rows_text(rows, i);

        if (i > 0)
            buffer_add_char(out, '\t');
        if (text_contains(text, '\0'))
            return scope_fail(writer->scope, INVALID,
                              "a text in table %s holds a NUL, which PostgreSQL cannot keep",
                              writer->table->name);
        if (rows_is_null(rows, i))
            buffer_add_string(out, "\\N");
        else
            add_escaped(out, text);
    }
    buffer_add_char(out, '\n');
    return out->size >= SEND_AT_BYTES ? postgresql_send_copy(writer->scope, writer->connection, out)
                                      : OK;
}

static code end_copy(struct copy_writer *writer) {
    TRY(postgresql_send_copy(writer->scope, writer->connection, &writer->out));
    TRY(postgresql_end_copy(writer->scope, writer->connection));
    return postgresql_run(writer->scope, writer->connection, "COMMIT");
}

// ---- SQLite ----

static void write_insert(struct copy_writer *writer) {
    CLEANUP(buffer_clear) struct buffer sql = {0};
    struct arena *arena = &writer->scope->arena;

    buffer_printf(&sql, "INSERT INTO \"%s\" (%s) VALUES (", writer->table->name,
                  list_columns(writer->scope, writer->table));
    for (size_t i = 0; i < writer->table->column_count; i++)
        buffer_printf(&sql, "%s$%zu", i > 0 ? ", " : "", i + 1);
    buffer_add_char(&sql, ')');
    writer->insert = text_string(arena, buffer_text(&sql));
    writer->values = arena_array(arena, writer->table->column_count, sizeof(*writer->values));
}

static code begin_inserts(struct copy_writer *writer) {
    TRY(ledger_begin(writer->scope));
    return writer->mode == COPY_REPLACE ? ledger_exec(writer->scope, delete_sql(writer), NO_BINDS)
                                        : OK;
}

static struct bind bind_of(const struct rows *rows, size_t column) {
    switch (rows_is_null(rows, column) ? ROW_NULL : rows_column_type(rows, column)) {
    case ROW_NULL:
        return BIND_NULL();
    case ROW_BOOL:
    case ROW_INT64:
        return BIND_INT64(rows_int64(rows, column));
    case ROW_DOUBLE:
        return BIND_DOUBLE(rows_double(rows, column));
    case ROW_TEXT:
    case ROW_DATE:
    case ROW_TIMESTAMP:
    case ROW_DECIMAL:
        break;
    }
    return BIND_TEXT(rows_text(rows, column));
}

static code insert(struct copy_writer *writer, const struct rows *rows) {
    const size_t count = writer->table->column_count;

    for (size_t i = 0; i < count; i++)
        writer->values[i] = bind_of(rows, i);
    return ledger_exec(writer->scope, writer->insert,
                       (struct binds){.values = writer->values, .count = count});
}

// ---- either ----

code copy_writer_open(struct scope *scope, const struct copied_table *table,
                      enum copy_writer_mode mode, struct copy_writer **ret_writer) {
    struct copy_writer *writer = calloc(1, sizeof(*writer));

    if (!writer)
        return scope_fail(scope, UNAVAILABLE, "out of memory");
    *writer = (struct copy_writer){.scope = scope, .table = table, .mode = mode};
    if (!session_store(scope)->postgresql)
        write_insert(writer);
    else if (connect(writer) != OK) {
        copy_writer_close(writer);
        return scope->failure.code;
    }
    *ret_writer = writer;
    return OK;
}

code copy_writer_add(struct copy_writer *writer, const struct rows *rows) {
    if (!writer->is_open) {
        TRY(writer->connection ? begin_copy(writer) : begin_inserts(writer));
        writer->is_open = true;
    }
    return writer->connection ? add_to_copy(writer, rows) : insert(writer, rows);
}

code copy_writer_commit(struct copy_writer *writer) {
    if (!writer->is_open)
        return OK;
    writer->is_open = false;
    writer->mode = COPY_ADD;
    return writer->connection ? end_copy(writer) : ledger_commit(writer->scope);
}

void copy_writer_close(struct copy_writer *writer) {
    if (!writer)
        return;
    if (writer->connection)
        postgresql_disconnect(session_store(writer->scope)->postgresql, writer->connection);
    else if (writer->is_open)
        ledger_rollback(writer->scope);
    buffer_clear(&writer->out);
    free(writer);
}
