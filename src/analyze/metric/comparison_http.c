// SPDX-License-Identifier: Apache-2.0
// Two queries, the earlier one in memory, joined by the values of the dimensions: a period by its
// number, all others by what they show.
#include "analyze/metric/comparison_http.h"

#include "analyze/metric/metric_http.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

const struct route_answer comparison_answer[] = {
    {.name = "from", ANSWER_DAY, "first day"},
    {.name = "to", ANSWER_DAY, "last day"},
    {.name = NULL},
};

code comparison_read(struct scope *scope, const struct request *request,
                     const struct selection *now, enum comparison *ret_comparison,
                     struct selection *ret_before) {
    const enum comparison comparison = comparison_of(request_text(request, "compare"));

    if (comparison != COMPARE_NOTHING)
        TRY(comparison_before(scope, now, comparison, ret_before));
    *ret_comparison = comparison;
    return OK;
}

void comparison_write(struct response *response, enum comparison comparison,
                      const struct selection *before) {
    if (comparison == COMPARE_NOTHING)
        return;
    json_key(&response->writer, "compared_with");
    json_begin_object(&response->writer);
    json_key(&response->writer, "from");
    response_int64(response, COLUMN_DAY, before->from_day);
    json_key(&response->writer, "to");
    response_int64(response, COLUMN_DAY, before->to_day);
    json_end_object(&response->writer);
}

// ---- the earlier rows ----

struct value {
    bool is_known;
    int64_t exact; // of money, counts and quantities
    double number;
};

struct earlier_row {
    struct text key;
    struct value values[METRIC_COLUMNS];
};

struct join {
    const struct metric_query *query;
    enum comparison comparison;
    const struct selection *before;
    struct earlier_row *rows;
    size_t count;
};

static bool is_exact(const struct metric *metric) {
    return metric->type == METRIC_MONEY || metric->type == METRIC_COUNT ||
           metric->type == METRIC_QUANTITY;
}

static struct value read_value(const struct metric *metric, const struct rows *rows,
                               size_t column) {
    if (rows_is_null(rows, column))
        return (struct value){0};
    if (is_exact(metric))
        return (struct value){true, rows_int64(rows, column), (double)rows_int64(rows, column)};
    return (struct value){.is_known = true, .number = rows_double(rows, column)};
}

static size_t dimension_columns(const struct metric_query *query) {
    size_t count = 0;

    for (size_t i = 0; i < query->dimension_count; i++)
        count += dimension_width(query->dimensions[i]);
    return count;
}

static void add_period(struct buffer *key, const struct join *join, enum dimension_type type,
                       int32_t day, bool now) {
    int64_t period = comparison_period(type, day);

    if (now && !comparison_beside(join->comparison, &join->query->selection, join->before, type,
                                  day, &period))
        buffer_add_string(key, "none");
    else
        buffer_printf(key, "%" PRId64, period);
}

// Of a row of the later period (`now`) or of the earlier one. Values cannot hold the byte that ends
// each, and one that is not stated has a byte of its own.
static struct text key_of(struct scope *scope, const struct join *join, const struct rows *rows,
                          bool now) {
    CLEANUP(buffer_clear) struct buffer key = {0};
    size_t column = 0;

    for (size_t i = 0; i < join->query->dimension_count; i++) {
        const struct dimension *dimension = join->query->dimensions[i];

        if (rows_is_null(rows, column))
            buffer_add_char(&key, '\1');
        else if (dimension_is_time(dimension))
            add_period(&key, join, dimension->type, (int32_t)rows_int64(rows, column), now);
        else
            buffer_add_text(&key, dimension_text(&scope->arena, dimension, rows, column));
        buffer_add_char(&key, '\0');
        column += dimension_width(dimension);
    }
    return text_copy(&scope->arena, buffer_text(&key));
}

static int by_key(const void *a, const void *b) {
    const struct text one = ((const struct earlier_row *)a)->key;
    const struct text other = ((const struct earlier_row *)b)->key;
    const size_t size = one.size < other.size ? one.size : other.size;
    const int order = size > 0 ? memcmp(one.data, other.data, size) : 0;

    return order != 0 ? order : (one.size > other.size) - (one.size < other.size);
}

static code add_row(struct scope *scope, struct join *join, const struct rows *rows,
                    size_t *capacity) {
    struct earlier_row *row;

    if (join->count == *capacity) {
        struct earlier_row *grown;

        *capacity = *capacity > 0 ? *capacity * 2 : 64;
        grown = arena_array(&scope->arena, *capacity, sizeof(*grown));
        if (join->count > 0)
            memcpy(grown, join->rows, join->count * sizeof(*grown));
        join->rows = grown;
    }
    row = &join->rows[join->count++];
    row->key = key_of(scope, join, rows, false);
    for (size_t i = 0; i < join->query->metric_count; i++)
        row->values[i] =
            read_value(join->query->metrics[i], rows, dimension_columns(join->query) + i);
    return scope_check(scope);
}

static code read_earlier(struct scope *scope, struct join *join, struct text *ret_currency) {
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct metric_query earlier = *join->query;
    size_t capacity = 0;

    earlier.selection = *join->before;
    earlier.limit = 0; // the rows of the later period may have any place among them
    TRY(metric_run(scope, &earlier, &rows, ret_currency));
    while (rows_next(rows))
        TRY(add_row(scope, join, rows, &capacity));
    TRY(rows_end(rows));
    if (join->count > 0)
        qsort(join->rows, join->count, sizeof(*join->rows), by_key);
    return OK;
}

// ---- the table ----

static size_t write_columns(struct scope *scope, const struct metric_query *query,
                            struct text currency, struct column *columns) {
    size_t count = metric_dimension_columns(scope, query, columns);

    for (size_t i = 0; i < query->metric_count; i++) {
        const struct column column = metric_column(scope, query->metrics[i], currency);
        struct column *before = &columns[count + 1];
        struct column *change = &columns[count + 2];

        columns[count] = *before = column;
        before->name = arena_printf(&scope->arena, "%s_before", column.name);
        before->label = arena_printf(&scope->arena, "%s, before", column.label);
        *change = (struct column){.name = arena_printf(&scope->arena, "%s_change", column.name),
                                  .label = arena_printf(&scope->arena, "%s, change", column.label),
                                  .type = COLUMN_SHARE};
        count += 3;
    }
    return count;
}

static void write_value(struct response *response, enum column_type type,
                        const struct metric *metric, const struct value *value) {
    if (!value->is_known)
        response_null(response);
    else if (is_exact(metric))
        response_int64(response, type, value->exact);
    else
        response_double(response, value->number);
}

static void write_change(struct response *response, const struct value *now,
                         const struct value *before) {
    if (!now->is_known || !before->is_known || before->number == 0)
        response_null(response);
    else
        response_double(response, (now->number - before->number) / fabs(before->number));
}

static void write_row(struct scope *scope, struct response *response, const struct join *join,
                      const struct column *columns, const struct rows *rows) {
    static const struct value nothing;
    const struct earlier_row wanted = {.key = key_of(scope, join, rows, true)};
    const struct earlier_row *earlier =
        join->count > 0 ? bsearch(&wanted, join->rows, join->count, sizeof(wanted), by_key) : NULL;
    const size_t first = dimension_columns(join->query);

    response_begin_row(response);
    metric_write_dimensions(scope, response, join->query, rows);
    for (size_t i = 0; i < join->query->metric_count; i++) {
        const struct metric *metric = join->query->metrics[i];
        const struct value now = read_value(metric, rows, first + i);
        const struct value *before = earlier ? &earlier->values[i] : &nothing;
        const enum column_type type = columns[first + i * 3].type;

        write_value(response, type, metric, &now);
        write_value(response, type, metric, before);
        write_change(response, &now, before);
    }
    response_end_row(response);
}

code comparison_write_table(struct scope *scope, struct response *response, const char *key,
                            const struct metric_query *query, enum comparison comparison,
                            const struct selection *before) {
    struct column columns[2 * METRIC_DIMENSIONS + 3 * METRIC_COLUMNS];
    struct join join = {.query = query, .comparison = comparison, .before = before};
    CLEANUP(rows_close) struct rows *rows = NULL;
    struct text currency, earlier_currency;

    TRY(read_earlier(scope, &join, &earlier_currency));
    TRY(metric_run(scope, query, &rows, &currency));
    if (currency.size > 0 && earlier_currency.size > 0 && !text_equal(currency, earlier_currency))
        return scope_fail(scope, CONFLICT, "amounts in %.*s cannot be compared with those in %.*s",
                          TEXT_ARG(currency), TEXT_ARG(earlier_currency));
    response_begin_table(response, key, columns, write_columns(scope, query, currency, columns));
    while (rows_next(rows)) {
        const struct arena_mark mark = arena_mark(&scope->arena);

        write_row(scope, response, &join, columns, rows);
        arena_rewind(&scope->arena, mark);
    }
    TRY(rows_end(rows));
    response_end_table(response);
    return OK;
}
