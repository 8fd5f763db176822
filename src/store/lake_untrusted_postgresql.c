// SPDX-License-Identifier: Apache-2.0
// SQL of a person. Five locks, one behind the other: the statement begins as one that reads; every
// function it may call is one that neither acts nor reaches outside, told by the database's own
// catalogue; it runs in a transaction that only reads and ends after a time; and as a role that
// sees the lake's views and nothing else. PostgreSQL takes one statement at a time.
#include "store/lake_postgresql.h"

#include "base/limits.h"
#include "lake_postgresql_sql.h"
#include "store/lake.h"
#include "store/ledger.h"
#include "store/ledger_postgresql.h"
#include "store/store_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NAMES_LARGEST = 200 }; // different functions of one statement

// ---- reading the statement ----

// What the lock of functions has to know of a statement.
struct reading {
    struct text rest;
    struct buffer names; // of what is followed by a parenthesis, each with a NUL behind it
    size_t name_count;
    bool has_parameter;
    bool is_closed; // every quote and comment ends
};

static void reading_clear(struct reading *reading) {
    buffer_clear(&reading->names);
}

static char byte_at(const struct text *text, size_t index) {
    return index < text->size ? text->data[index] : '\0';
}

static void skip(struct text *text, size_t count) {
    text->data += count;
    text->size -= count;
}

static bool is_name_begin(char byte) {
    return isalpha((unsigned char)byte) || byte == '_' || (unsigned char)byte >= 0x80;
}

static bool is_name_byte(char byte) {
    return is_name_begin(byte) || isdigit((unsigned char)byte) || byte == '$';
}

// From an opening quote to behind the closing one, a doubled one being part of the text. False when
// there is none.
static bool skip_quoted(struct text *text, char quote, bool has_escapes) {
    for (skip(text, 1); text->size > 0; skip(text, 1)) {
        const bool is_escape = has_escapes && byte_at(text, 0) == '\\' && text->size > 1;
        const bool is_quote = byte_at(text, 0) == quote;

        if (is_escape || (is_quote && byte_at(text, 1) == quote)) {
            skip(text, 1);
        } else if (is_quote) {
            skip(text, 1);
            return true;
        }
    }
    return false;
}

// Comments of this kind nest.
static bool skip_block_comment(struct text *text) {
    int depth = 0;

    while (text->size > 1) {
        const bool opens = byte_at(text, 0) == '/' && byte_at(text, 1) == '*';
        const bool closes = byte_at(text, 0) == '*' && byte_at(text, 1) == '/';

        depth += opens - closes;
        skip(text, opens || closes ? 2 : 1);
        if (depth == 0)
            return true;
    }
    return false;
}

// Blanks and comments. False when a comment does not end.
static bool skip_blank(struct text *text) {
    for (;;) {
        while (text->size > 0 && isspace((unsigned char)byte_at(text, 0)))
            skip(text, 1);
        if (byte_at(text, 0) == '-' && byte_at(text, 1) == '-') {
            while (text->size > 0 && byte_at(text, 0) != '\n')
                skip(text, 1);
        } else if (byte_at(text, 0) == '/' && byte_at(text, 1) == '*') {
            if (!skip_block_comment(text))
                return false;
        } else {
            return true;
        }
    }
}

// $$…$$ or $tag$…$tag$; false when it is neither.
static bool skip_dollar_quoted(struct text *text, bool *ret_is_closed) {
    size_t tag = 1;
    struct text end;

    if (is_name_begin(byte_at(text, tag)))
        while (is_name_byte(byte_at(text, tag)) && byte_at(text, tag) != '$')
            tag++;
    if (byte_at(text, tag) != '$')
        return false;
    end = (struct text){.data = text->data, .size = tag + 1};
    skip(text, end.size);
    while (text->size > 0 && !text_starts_with(*text, end))
        skip(text, 1);
    *ret_is_closed = text->size > 0;
    skip(text, text->size > 0 ? end.size : 0);
    return true;
}

// A name is a function's when a parenthesis follows. Names of keywords are looked up in vain.
static void note_name(struct reading *reading, struct text name, bool is_quoted) {
    struct text behind = reading->rest;

    if (!skip_blank(&behind) || byte_at(&behind, 0) != '(')
        return;
    for (size_t i = 0; i < name.size; i++) {
        const char byte = name.data[i];

        buffer_add_char(&reading->names,
                        !is_quoted && byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte);
        if (is_quoted && byte == '"')
            i++; // the second of a doubled one
    }
    buffer_add_char(&reading->names, '\0');
    reading->name_count++;
}

static void read_word(struct reading *reading) {
    struct text name = {.data = reading->rest.data};

    while (is_name_byte(byte_at(&reading->rest, name.size)))
        name.size++;
    skip(&reading->rest, name.size);
    if (name.size == 1 && byte_at(&reading->rest, 0) == '\'')
        reading->is_closed =
            skip_quoted(&reading->rest, '\'', name.data[0] == 'e' || name.data[0] == 'E');
    else if (name.size == 1 && (name.data[0] == 'u' || name.data[0] == 'U') &&
             byte_at(&reading->rest, 0) == '&')
        reading->is_closed = false; // U&"…" spells names in a way that is not read here
    else
        note_name(reading, name, false);
}

static void read_quoted_name(struct reading *reading) {
    const char *begin = reading->rest.data + 1;

    reading->is_closed = skip_quoted(&reading->rest, '"', false);
    if (reading->is_closed)
        note_name(reading,
                  (struct text){.data = begin, .size = (size_t)(reading->rest.data - begin - 1)},
                  true);
}

static void read_token(struct reading *reading) {
    const char byte = byte_at(&reading->rest, 0);

    if (is_name_begin(byte))
        read_word(reading);
    else if (byte == '"')
        read_quoted_name(reading);
    else if (byte == '\'')
        reading->is_closed = skip_quoted(&reading->rest, '\'', false);
    else if (byte == '$' && isdigit((unsigned char)byte_at(&reading->rest, 1)))
        reading->has_parameter = true;
    else if (byte != '$' || !skip_dollar_quoted(&reading->rest, &reading->is_closed))
        skip(&reading->rest, 1);
}

static void read_statement(struct text sql, struct reading *reading) {
    *reading = (struct reading){.rest = sql, .is_closed = true};
    while (reading->is_closed && !reading->has_parameter) {
        reading->is_closed = skip_blank(&reading->rest);
        if (!reading->is_closed || reading->rest.size == 0)
            return;
        read_token(reading);
    }
}

// ---- what may be run ----

static bool begins_with(struct text sql, const char *word) {
    const size_t size = strlen(word);

    return sql.size >= size && strncasecmp(sql.data, word, size) == 0 &&
           !is_name_byte(byte_at(&sql, size));
}

// What else these words may begin (INSERT behind WITH, SELECT INTO) the transaction refuses.
static code check_kind(struct scope *scope, struct text sql) {
    static const char *const words[] = {"SELECT", "WITH", "VALUES", "TABLE", "EXPLAIN"};

    if (skip_blank(&sql)) {
        while (byte_at(&sql, 0) == '(')
            skip(&sql, 1);
        for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
            if (begins_with(sql, words[i]))
                return OK;
    }
    scope_fail(scope, INVALID,
               "only SELECT, WITH, VALUES, DESCRIBE, SHOW TABLES and EXPLAIN are"
               " run");
    return scope_hint(scope, "PostgreSQL has no SUMMARIZE and no FROM without SELECT");
}

static code check_function(struct scope *scope, struct ledger *ledger, const char *name) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    bool refused;

    TRY(ledger->engine->query(scope, ledger, sql_lake_views_refuses, BINDS(BIND_STRING(name)),
                              &rows));
    refused = rows_next(rows);
    TRY(rows_end(rows));
    return refused ? scope_fail(scope, FORBIDDEN, "the function %s is not for queries", name) : OK;
}

static code check_functions(struct scope *scope, struct ledger *ledger, struct text sql) {
    CLEANUP(reading_clear) struct reading reading;
    const char *name;

    read_statement(sql, &reading);
    if (reading.has_parameter)
        return scope_fail(scope, INVALID, "parameters have no values here");
    if (!reading.is_closed)
        return scope_fail(scope, INVALID, "the statement has a quote or comment without an end");
    if (reading.name_count > NAMES_LARGEST)
        return scope_fail(scope, TOO_LARGE, "the statement calls %zu functions, at most %d may be",
                          reading.name_count, NAMES_LARGEST);
    name = reading.name_count > 0 ? buffer_string(&reading.names) : NULL;
    for (size_t i = 0; i < reading.name_count; i++, name += strlen(name) + 1)
        TRY(check_function(scope, ledger, name));
    return OK;
}

// ---- running ----

// The statement is a person's, and so are its mistakes. Its transaction is over.
static code fail_of_person(struct scope *scope) {
    const struct failure failure = scope->failure;
    const bool may_not = strstr(failure.detail, "(SQLSTATE 25006)") || // write
                         strstr(failure.detail, "(SQLSTATE 42501)");   // see
    code reason = may_not ? FORBIDDEN : failure.code;

    if (reason == INTERNAL || reason == CONFLICT || reason == BUSY)
        reason = INVALID;
    if (reason == CANCELLED && scope_check(scope) == OK)
        reason = TOO_LARGE;
    scope_forgive(scope);
    if (reason == TOO_LARGE && failure.code == CANCELLED)
        return scope_fail(scope, TOO_LARGE, "the query did not end in time");
    if (reason == failure.code)
        scope_fail(scope, reason, "%s", failure.message);
    else
        scope_fail(scope, reason, "this SQL cannot be run");
    return scope_detail(scope, "%s", failure.detail);
}

static void end_query(void *owner) {
    ledger_close(owner);
}

static code begin_as_reader(struct scope *scope, struct ledger *ledger) {
    int64_t count;

    TRY(ledger->engine->begin(scope, ledger, LEDGER_SNAPSHOT));
    if (ledger->engine->exec(scope, ledger, sql_lake_views_become_reader, NO_BINDS, &count) == OK)
        return OK;
    scope_forgive(scope);
    scope_fail(scope, FORBIDDEN, "queries of people need the role " POSTGRESQL_READER);
    return scope_hint(scope, "CREATE ROLE " POSTGRESQL_READER " NOLOGIN; and grant it to the role"
                             " that Tessera signs in as, then start Tessera again");
}

static code run(struct scope *scope, struct ledger *ledger, struct text sql,
                struct rows **ret_rows) {
    struct rows *rows;

    TRY(check_functions(scope, ledger, sql));
    TRY(begin_as_reader(scope, ledger));
    if (ledger->engine->query(scope, ledger, text_string(&scope->arena, sql), NO_BINDS, &rows) !=
        OK)
        return fail_of_person(scope);
    return lake_postgresql_rows(scope, rows, end_query, ledger, ret_rows);
}

// A connection of its own: whatever the query leaves behind in it ends with it.
static code query_alone(struct scope *scope, struct text sql, struct rows **ret_rows) {
    struct ledger *ledger;

    TRY(ledger_postgresql_open(scope, session_store(scope), POSTGRESQL_LAKE_PATH, NULL, &ledger));
    if (run(scope, ledger, sql, ret_rows) == OK)
        return OK;
    ledger_close(ledger);
    return scope->failure.code;
}

// ---- what DuckDB has statements for ----

static bool take_word(struct text *sql, const char *word) {
    if (!skip_blank(sql) || !begins_with(*sql, word))
        return false;
    skip(sql, strlen(word));
    return true;
}

static struct text without_end(struct text sql) {
    sql = text_trim(sql);
    while (sql.size > 0 && sql.data[sql.size - 1] == ';') {
        sql.size--;
        sql = text_trim(sql);
    }
    return sql;
}

code lake_postgresql_query_untrusted(struct scope *scope, struct text sql, struct rows **ret_rows) {
    struct text words = without_end(sql);

    if (!session_lake(scope))
        return scope->failure.code;
    if (take_word(&words, "SHOW") && take_word(&words, "TABLES") && text_trim(words).size == 0)
        return lake_query(scope, sql_lake_views_tables, NO_BINDS, ret_rows);
    words = without_end(sql);
    if (take_word(&words, "DESCRIBE"))
        return lake_query(scope, sql_lake_views_columns, BINDS(BIND_TEXT(text_trim(words))),
                          ret_rows);
    TRY(check_kind(scope, sql));
    return query_alone(scope, sql, ret_rows);
}
