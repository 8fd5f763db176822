// SPDX-License-Identifier: Apache-2.0
#include "store/postgresql_dialect.h"

#include <ctype.h>
#include <string.h>

static const struct text opening = {"/* postgresql:", 14};

// The length of what begins here and holds no word: a comment, a literal, a quoted name; else 0.
static size_t skipped(const char *sql) {
    const char *end = NULL;

    if (strncmp(sql, "--", 2) == 0)
        return strcspn(sql, "\n");
    if (strncmp(sql, "/*", 2) == 0) {
        end = strstr(sql, "*/");
        return end ? (size_t)(end - sql) + 2 : strlen(sql);
    }
    if (*sql != '\'' && *sql != '"')
        return 0;
    end = strchr(sql + 1, *sql); // a doubled quote begins the next one
    return end ? (size_t)(end - sql) + 1 : strlen(sql);
}

static bool opens_comment(const char *sql) {
    return strncmp(sql, opening.data, opening.size) == 0 && strstr(sql, "*/");
}

static size_t word_length(const char *sql) {
    size_t length = 0;

    while (isalnum((unsigned char)sql[length]) || sql[length] == '_')
        length++;
    return length;
}

static void add_word(struct text word, struct buffer *adapted) {
    buffer_add_text(adapted, word);
    if (text_is(word, "TEXT"))
        buffer_add_string(adapted, " COLLATE \"C\"");
}

static void adapt(const char *sql, bool is_schema, struct buffer *adapted) {
    bool makes_table = false, begins = true;

    while (*sql != '\0') {
        const bool opens = opens_comment(sql);
        const size_t length = opens ? opening.size : skipped(sql);
        const struct text word = {.data = sql, .size = length == 0 ? word_length(sql) : 0};

        if (opens) {
            const char *end = strstr(sql, "*/");

            buffer_add(adapted, sql + length, (size_t)(end - sql) - length);
            sql = end + 2;
        } else if (length > 0) {
            buffer_add(adapted, sql, length);
            sql += length;
        } else if (word.size > 0) {
            if (begins)
                makes_table = is_schema && (text_is(word, "CREATE") || text_is(word, "ALTER"));
            begins = false;
            if (makes_table && text_is(word, "REAL"))
                buffer_add_string(adapted, "DOUBLE PRECISION");
            else if (makes_table)
                add_word(word, adapted);
            else
                buffer_add_text(adapted, word);
            sql += word.size;
        } else {
            begins |= *sql == ';';
            buffer_add_char(adapted, *sql++);
        }
    }
}

size_t postgresql_parameter_count(const char *sql) {
    size_t largest = 0;

    while (*sql != '\0') {
        const size_t length = skipped(sql);
        size_t number = 0;

        if (length == 0 && *sql == '$')
            while (isdigit((unsigned char)sql[1]))
                number = number * 10 + (size_t)(*++sql - '0');
        if (number > largest)
            largest = number;
        sql += length > 0 ? length : 1;
    }
    return largest;
}

void postgresql_adapt_statement(const char *sql, struct buffer *adapted) {
    adapt(sql, false, adapted);
}

void postgresql_adapt_schema(const char *sql, struct buffer *adapted) {
    adapt(sql, true, adapted);
}
