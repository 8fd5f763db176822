// SPDX-License-Identifier: Apache-2.0
// The compiler's half that reads facts: which columns per customer the clauses need, and the common
// table expressions that give them.
#pragma once

#include "analyze/segment/compile.h"

enum fact_source {
    SOURCE_RECEIPTS,
    SOURCE_LINES,
    SOURCE_EVENTS,
    SOURCE_EVENT_PRODUCTS,
    SOURCE_CONSENTS,
    SOURCE_COUNT
};
enum { COLUMN_CONDITIONS = RESTRICTION_COUNT + 1, MATCHED_TABLES = 2 };

// One aggregate per customer.
struct fact_column {
    const char *expression;                    // "sum(f.gross_micros)"
    const char *conditions[COLUMN_CONDITIONS]; // all of them must hold
    size_t condition_count;
    int32_t from_day, to_day; // SEGMENT_NO_DAY: open
};

struct fact_table {
    struct fact_column *columns;
    size_t count;
};

// Conditions on a table that facts refer to (product, store), worked out once per row of that
// table.
struct matched_table {
    const char **conditions;
    size_t count;
};

// Scores of a selection of documents (scores.h).
struct scored_table {
    const struct selection **asked; // by these clauses' selections, all equal
    size_t asked_count;
    struct selection selection; // of the days that count
    const char *sql;
};

struct compiler {
    struct scope *scope;
    const struct segment_moment *moment;
    struct fact_table facts[SOURCE_COUNT];
    struct matched_table matched[MATCHED_TABLES];
    struct scored_table *scored;
    size_t scored_count;
    struct bind *binds;
    size_t bind_count, bind_capacity;
    const char *page; // NULL, or the query of the customers to whom facts are restricted
};

// "$3"; equal values share a number.
const char *compiler_bind(struct compiler *compiler, struct bind bind);
// Takes over the values of a part whose `bound_before` is compiler->bind_count.
void compiler_take_binds(struct compiler *compiler, struct binds binds);
const char *compiler_bind_day(struct compiler *compiler, int32_t day); // "CAST($3 AS DATE)"
// "x = $1", "x IN ($1, $2)"
const char *compiler_one_of(struct compiler *compiler, const char *expression,
                            const struct text *values, size_t count);

// The column that a clause of sales, events or consents compares, and the one that it divides by
// (average_receipt; otherwise NULL): "receipts.v2".
const char *aggregate_column(struct compiler *compiler, const struct segment_clause *clause,
                             const char **ret_divisor);

// The days that a window leaves, nothing after the day of evaluation; SEGMENT_NO_DAY: open.
void compiler_days(const struct compiler *compiler, const struct segment_window *window,
                   int32_t *ret_from_day, int32_t *ret_to_day);

// "WITH …" of all columns and scores asked for; nothing when there are none.
void aggregate_write_tables(struct compiler *compiler, struct buffer *out);
// " LEFT JOIN receipts ON receipts.customer = c.id …"
void aggregate_write_joins(const struct compiler *compiler, struct buffer *out);
