// SPDX-License-Identifier: Apache-2.0
// Rows wait from the thirty-third in a row on. So a table that is asked between its rows (is this
// identifier known? then it is new) gets them one behind the other as ever, and a COPY, which takes
// three round trips, stands for thirty statements at least.
#include "store/postgresql_append.h"

#include "store/postgresql_connection.h"

#include <ctype.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum { WAITING_FROM = 32, FLUSHED_BYTES = 1 << 20 };

static uint64_t bit_of(int table) {
    return UINT64_C(1) << table;
}

void appender_forget(struct appender *appender) {
    for (size_t i = 0; i < appender->table_count; i++) {
        appender->tables[i].rows.size = 0;
        appender->tables[i].in_a_row = 0;
    }
    appender->waiting = 0;
}

void appender_clear(struct appender *appender) {
    for (size_t i = 0; i < appender->table_count; i++) {
        free(appender->tables[i].name);
        free(appender->tables[i].columns);
        buffer_clear(&appender->tables[i].rows);
    }
    *appender = (struct appender){0};
}

// ---- what a statement is ----

static bool is_word(char byte) {
    return isalnum((unsigned char)byte) || byte == '_';
}

static const char *skip_blanks(const char *sql) {
    while (isspace((unsigned char)*sql) || strncmp(sql, "--", 2) == 0)
        sql += *sql == '-' ? strcspn(sql, "\n") : 1;
    return sql;
}

// Behind the words, each of which may be followed by blanks; NULL when they do not stand there.
static const char *skip_words(const char *sql, const char *words) {
    for (sql = skip_blanks(sql); *words != '\0'; words++)
        if (*words == ' ')
            sql = skip_blanks(sql);
        else if (*words == *sql)
            sql++;
        else
            return NULL;
    return skip_blanks(sql);
}

// "$1, $2, …)" and the end.
static bool read_parameters(const char *sql, struct append_use *use) {
    for (;;) {
        char *end;
        long number;

        if (*sql != '$' || use->column_count == POSTGRESQL_MOST_PARAMETERS)
            return false;
        number = strtol(sql + 1, &end, 10);
        if (number < 1 || number > POSTGRESQL_MOST_PARAMETERS)
            return false;
        use->parameters[use->column_count++] = (uint8_t)(number - 1);
        sql = skip_blanks(end);
        if (*sql != ',' && *sql != ')')
            return false;
        if (*sql++ == ')')
            break;
        sql = skip_blanks(sql);
    }
    return *skip_blanks(sql) == '\0';
}

// The same table with other columns is another one here.
static bool find_table(struct appender *appender, struct text name, struct text columns,
                       int *ret_table) {
    struct appended_table *table = appender->tables;
    size_t i = 0;

    for (; i < appender->table_count; i++, table++)
        if (text_is(name, table->name) && text_is(columns, table->columns))
            break;
    if (i == APPENDED_TABLES_MOST)
        return false;
    if (i == appender->table_count) {
        *table = (struct appended_table){.name = strndup(name.data, name.size),
                                         .columns = strndup(columns.data, columns.size)};
        if (!table->name || !table->columns) {
            free(table->name);
            free(table->columns);
            return false;
        }
        appender->table_count++;
    }
    *ret_table = (int)i;
    return true;
}

static bool adds_row(struct appender *appender, const char *sql, struct append_use *use) {
    const char *name = skip_words(sql, "INSERT INTO "), *name_end, *columns, *end;

    if (!name || strstr(sql, "/*")) // which may say more to PostgreSQL
        return false;
    for (name_end = name; is_word(*name_end);)
        name_end++;
    columns = skip_blanks(name_end);
    end = strchr(columns, ')');
    if (!end || *columns != '(')
        return false;
    sql = skip_words(end + 1, "VALUES (");
    return sql && read_parameters(sql, use) &&
           find_table(appender, (struct text){.data = name, .size = (size_t)(name_end - name)},
                      (struct text){.data = columns, .size = (size_t)(end + 1 - columns)},
                      &use->table);
}

static void read_use(struct appender *appender, const char *sql, struct append_use *use) {
    if (use->is_read)
        return;
    use->is_read = true;
    use->adds_row = adds_row(appender, sql, use);
}

// As a word. That a column or an alias has the name of a table costs time and nothing else.
static bool names(const char *sql, const char *name) {
    const size_t size = strlen(name);

    for (const char *place = sql; (place = strstr(place, name)); place++)
        if ((place == sql || !is_word(place[-1])) && !is_word(place[size]))
            return true;
    return false;
}

uint64_t appender_concerned(struct appender *appender, struct append_use *use, const char *sql) {
    read_use(appender, sql, use);
    for (; use->known_count < appender->table_count; use->known_count++)
        if (names(sql, appender->tables[use->known_count].name))
            use->named |= bit_of((int)use->known_count);
    for (uint64_t left = use->named; left != 0; left &= left - 1)
        appender->tables[__builtin_ctzll(left)].in_a_row = 0;
    return use->named & appender->waiting;
}

// ---- rows ----

static void add_big_endian(struct buffer *buffer, uint64_t value, size_t size) {
    const uint64_t bytes = htobe64(value);

    buffer_add(buffer, (const char *)&bytes + sizeof(bytes) - size, size);
}

// https://www.postgresql.org/docs/15/sql-copy.html: signature, flags, size of an extension.
static void begin_rows(struct buffer *rows) {
    static const char signature[11] = "PGCOPY\n\377\r\n";

    buffer_add(rows, signature, sizeof(signature));
    add_big_endian(rows, 0, sizeof(int32_t));
    add_big_endian(rows, 0, sizeof(int32_t));
}

static void add_row(struct buffer *rows, const struct postgresql_parameters *values, size_t count) {
    if (rows->size == 0)
        begin_rows(rows);
    add_big_endian(rows, count, sizeof(int16_t));
    for (size_t i = 0; i < count; i++) {
        if (!values->values[i]) {
            add_big_endian(rows, UINT64_MAX, sizeof(int32_t));
            continue;
        }
        add_big_endian(rows, (uint64_t)values->sizes[i], sizeof(int32_t));
        buffer_add(rows, values->values[i], (size_t)values->sizes[i]);
    }
}

// The types of the columns: a parameter's may be wider.
static code learn_types(struct scope *scope, PGconn *connection, struct appended_table *table,
                        size_t count) {
    const char *sql =
        arena_printf(&scope->arena, "SELECT %.*s FROM %s", (int)strlen(table->columns) - 2,
                     table->columns + 1, table->name);
    PGresult *result = PQprepare(connection, "", sql, 0, NULL);

    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        PQclear(result);
        result = PQdescribePrepared(connection, "");
    }
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        postgresql_fail(scope, connection, result);
    for (size_t i = 0; i < count; i++)
        table->types[i] = PQftype(result, (int)i);
    PQclear(result);
    table->has_types = true;
    return scope->failure.code;
}

bool appender_wants(struct appender *appender, struct append_use *use, const char *sql) {
    read_use(appender, sql, use);
    return use->adds_row && ++appender->tables[use->table].in_a_row > WAITING_FROM;
}

bool appender_needs_connection(const struct appender *appender, const struct append_use *use) {
    const struct appended_table *table = &appender->tables[use->table];

    return !table->has_types || table->rows.size >= FLUSHED_BYTES;
}

code appender_add(struct scope *scope, struct appender *appender, PGconn *connection,
                  const struct append_use *use, struct binds binds, bool *ret_taken) {
    struct appended_table *table = &appender->tables[use->table];
    struct postgresql_parameters values;

    if (!table->has_types)
        TRY(learn_types(scope, connection, table, use->column_count));
    if (table->rows.size >= FLUSHED_BYTES)
        TRY(appender_flush(scope, appender, connection, bit_of(use->table)));
    *ret_taken = false;
    for (size_t i = 0; i < use->column_count; i++) {
        TRY(postgresql_bind(scope, &values, i, table->types[i], &binds.values[use->parameters[i]]));
        if (values.formats[i] != POSTGRESQL_BINARY)
            return OK;
    }
    add_row(&table->rows, &values, use->column_count);
    appender->waiting |= bit_of(use->table);
    *ret_taken = true;
    return OK;
}

// ---- going in ----

static code copy_in(struct scope *scope, PGconn *connection, struct appended_table *table) {
    TRY(postgresql_begin_copy(scope, connection,
                              arena_printf(&scope->arena, "COPY %s %s FROM STDIN (FORMAT binary)",
                                           table->name, table->columns)));
    add_big_endian(&table->rows, UINT64_MAX, sizeof(int16_t)); // the end
    TRY(postgresql_send_copy(scope, connection, &table->rows));
    return postgresql_end_copy(scope, connection);
}

code appender_flush(struct scope *scope, struct appender *appender, PGconn *connection,
                    uint64_t tables) {
    for (uint64_t left = tables & appender->waiting; left != 0; left &= left - 1) {
        const int table = __builtin_ctzll(left);

        appender->waiting &= ~bit_of(table);
        TRY(copy_in(scope, connection, &appender->tables[table]));
    }
    return OK;
}
