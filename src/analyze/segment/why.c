// SPDX-License-Identifier: Apache-2.0
// The facts behind the membership of a page of customers: the same columns as the evaluation's,
// read for these customers alone.
#include "analyze/segment/evaluate.h"
#include "analyze/segment/segment.h"
#include "base/limits.h"
#include "base/money.h"
#include "store/lake.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

static void write_day(struct buffer *out, int64_t day) {
    char text[TIME_TEXT_SIZE];

    buffer_add_string(out, day_format((int32_t)day, text));
}

static void write_micros(struct buffer *out, const struct rows *rows, size_t column) {
    const bool averaged = rows_column_type(rows, column) == ROW_DOUBLE;
    char text[MICROS_TEXT_SIZE];

    buffer_add_string(
        out, micros_format(averaged ? llround(rows_double(rows, column)) : rows_int64(rows, column),
                           averaged ? 2 : 0, text));
}

static void write_fact(struct buffer *out, const struct segment_clause *clause,
                       const struct segment_moment *moment, const struct rows *rows,
                       size_t column) {
    struct json_writer writer;

    if (rows_is_null(rows, column)) {
        buffer_add_string(out, clause->type == CLAUSE_ATTRIBUTE ? "unknown" : "none");
        return;
    }
    switch (clause->field->type) {
    case VALUE_MONEY:
    case VALUE_QUANTITY:
        write_micros(out, rows, column);
        return;
    case VALUE_DAYS:
        buffer_printf(out, "%" PRId64, moment->as_of_day - rows_int64(rows, column));
        return;
    case VALUE_DAY:
        if (rows_column_type(rows, column) == ROW_DATE)
            write_day(out, rows_int64(rows, column));
        else // an instant
            write_day(out, zone_day(moment->zone, rows_int64(rows, column)));
        return;
    case VALUE_BOOL:
        buffer_add_string(out, rows_bool(rows, column) ? "true" : "false");
        return;
    case VALUE_COUNT:
    case VALUE_SCORE:
        buffer_printf(out, "%" PRId64, rows_int64(rows, column));
        return;
    case VALUE_TEXT:
    case VALUE_GROUP:
    case VALUE_MEMBER:
    case VALUE_CONSENT:
    case VALUE_SEGMENT:
    case VALUE_TYPE_COUNT:
        break;
    }
    json_writer_init(&writer, out);
    json_write_text(&writer, rows_text(rows, column));
}

// sum_gross in the last 90 days = 734.2 (>= 500)
static struct text reason_words(struct scope *scope, const struct segment_clause *clause,
                                const struct segment_moment *moment, const struct rows *rows,
                                size_t column) {
    CLEANUP(buffer_clear) struct buffer out = {0};

    segment_write_subject(&out, clause);
    buffer_add_string(&out, " = ");
    write_fact(&out, clause, moment, rows, column);
    buffer_add_string(&out, " (");
    segment_write_comparison(&out, clause);
    buffer_add_char(&out, ')');
    return text_copy(&scope->arena, buffer_text(&out));
}

static size_t place_of(const int64_t *customers, size_t count, int64_t id) {
    size_t i = 0;

    while (i < count && customers[i] != id)
        i++;
    return i;
}

code segment_why(struct scope *scope, const struct segment_node *tree, int32_t as_of_day,
                 const int64_t *customers, size_t customer_count,
                 struct segment_reason **ret_reasons, size_t *ret_clause_count) {
    const struct segment_clause *clauses[LIMIT_SEGMENT_CLAUSES];
    const size_t clause_count = segment_clauses(tree, clauses);
    struct segment_reason *reasons =
        arena_array(&scope->arena, customer_count * clause_count + 1, sizeof(*reasons));
    CLEANUP(segment_moment_close) struct segment_moment moment = {0};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct segment_query query;

    *ret_reasons = reasons;
    *ret_clause_count = clause_count;
    if (customer_count == 0 || clause_count == 0)
        return OK;
    TRY(segment_moment_open(scope, as_of_day, &moment));
    TRY(segment_compile(scope, tree, &moment, SEGMENT_OUTPUT_FACTS, customers, customer_count,
                        &query));
    TRY(lake_query(scope, query.sql, query.binds, &rows));
    while (rows_next(rows)) {
        const size_t place = place_of(customers, customer_count, rows_int64(rows, 0));

        for (size_t i = 0; i < clause_count && place < customer_count; i++)
            reasons[place * clause_count + i] = (struct segment_reason){
                .words = reason_words(scope, clauses[i], &moment, rows, 2 * i + 1),
                .holds = rows_bool(rows, 2 * i + 2),
            };
    }
    return rows_end(rows);
}
